"""What a shop asks a price for, and the check that it can be asked at all: every refusal names the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from festoon.base.words import Words
from festoon.checkout import limits
from festoon.records.refusal import Invalid
from festoon.rulebook.facts import BEST

EXPLAIN = ("none", "verdicts", "full")
OWN_GOODS = ("product", "category", "brand", "store", "tags")
"""What a key with the right `facts:goods` may say of its goods: never whose they are, their floors or costs."""


class LineRequest(msgspec.Struct, frozen=True):
    """One line of a cart; `unit_price` in minor units, as the shopper sees it.

    `goods` are the attributes of a shop that keeps its own catalogue, see `OWN_GOODS`: None leaves them to ours.
    """

    id: str
    sku: str
    quantity: int
    unit_price: int
    goods: Mapping[str, Any] | None = None


class QuoteRequest(msgspec.Struct, frozen=True):
    """A cart. `buyer` is a shopper's code or "", `shipping` in minor units, `payment` how the shopper will pay or "".

    `chosen` are ids or codes of coupons, or "best": the best of the wallet. `moment` is taken when it is within five
    minutes of ours; `currency` "" is the merchant's. `explain` is none, verdicts or full; `words` adds the texts in both
    languages; `better` names coupons of the wallet that would save more than the chosen ones.

    `only_sum` stands in the place of lines where nobody entered the goods: what they come to, in minor units; `seen` are
    the coupons' offers whose goods the one who asks saw.
    """

    lines: Sequence[LineRequest]
    shipping: int = 0
    buyer: str = ""
    chosen: Sequence[str] | str = ()
    moment: datetime | None = None
    currency: str = ""
    scene: str = ""
    explain: str = "verdicts"
    words: bool = False
    payment: str = ""
    better: bool = False
    only_sum: int | None = None
    seen: Sequence[str] = ()


def check(request: QuoteRequest) -> None:
    """Raise Invalid for the first thing wrong with the request by itself."""
    lines = request.lines
    if request.only_sum is not None or request.seen:
        _check_sum(request)
    elif not lines:
        raise invalid("lines", "empty", "A cart has at least one line.", "购物车至少要有一行。")
    if len(lines) > limits.LINES:
        raise invalid("lines", "too_many", f"At most {limits.LINES} lines.", f"最多 {limits.LINES} 行。")
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if not _is_plain(line):
            _check_line(f"lines[{index}]", line)
        if line.id in seen:
            raise invalid(f"lines[{index}].id", "twice", "Another line has this id.", "行号重复。")
        seen.add(line.id)
    _whole("shipping", request.shipping, 0, limits.AMOUNT)
    if request.chosen != BEST:
        _check_chosen(request.chosen)
    _text("buyer", request.buyer, empty=True)
    check_text("scene", request.scene, limits.SCENE)
    check_text("payment", request.payment, limits.SCENE)
    if request.explain not in EXPLAIN:
        raise invalid("explain", "unknown", f"One of {', '.join(EXPLAIN)}.", f"只能是 {'、'.join(EXPLAIN)}。")
    if request.moment is not None and request.moment.tzinfo is None:
        raise invalid("moment", "no_offset", "A moment needs an offset from UTC.", "时刻需要带时区偏移。")


def invalid(field: str, code: str, en: str, zh: str) -> Invalid:
    """A refusal that names the field of the request."""
    return Invalid(code, Words(en=en, zh=zh), field=field)


def check_text(path: str, value: Any, most: int, *, empty: bool = True) -> None:
    """Raise Invalid unless it is a text of at most so many signs that a database takes."""
    if not _is_text(value, most) or not (value or empty):
        raise invalid(path, "not_text", f"A text of at most {most} signs.", f"不超过 {most} 个字符的文字。")


def _is_plain(line: LineRequest) -> bool:
    """Whether `_check_line` would find nothing: asked of every line of every quote, so all in one place."""
    name, sku, quantity, price = line.id, line.sku, line.quantity, line.unit_price
    return (
        isinstance(name, str) and 0 < len(name) <= limits.TEXT and "\0" not in name
        and isinstance(sku, str) and 0 < len(sku) <= limits.TEXT and "\0" not in sku
        and isinstance(quantity, int) and quantity is not True and 1 <= quantity <= limits.QUANTITY
        and isinstance(price, int) and not isinstance(price, bool) and 0 <= price <= limits.AMOUNT
        and line.goods is None
    )  # fmt: skip


def _check_line(path: str, line: LineRequest) -> None:
    _text(f"{path}.id", line.id)
    _text(f"{path}.sku", line.sku)
    _whole(f"{path}.quantity", line.quantity, 1, limits.QUANTITY)
    _whole(f"{path}.unit_price", line.unit_price, 0, limits.AMOUNT)
    for name in line.goods or ():
        if name not in OWN_GOODS:
            known = "、".join(OWN_GOODS)
            raise invalid(
                f"{path}.goods.{name}", "unknown_field", f"One of {', '.join(OWN_GOODS)}.", f"只能是 {known}。"
            )


def _check_sum(request: QuoteRequest) -> None:
    if request.only_sum is None:
        raise invalid(
            "sum_of_purchase", "missing", "Of goods that were entered all is known.", "商品已录入，无需确认。"
        )
    _whole("sum_of_purchase", request.only_sum, 0, limits.AMOUNT)
    if request.lines:
        raise invalid("lines", "not_both", "Give either lines or their sum.", "商品行与消费总额须二选一。")
    for index, offer in enumerate(request.seen):
        _text(f"confirmed_by_eye[{index}]", offer)
    if len(set(request.seen)) < len(request.seen):
        raise invalid("confirmed_by_eye", "twice", "An offer is named once.", "同一优惠只能列出一次。")


def _check_chosen(chosen: Sequence[str]) -> None:
    if len(chosen) > limits.CHOSEN:
        raise invalid("chosen", "too_many", f"At most {limits.CHOSEN} coupons.", f"最多 {limits.CHOSEN} 张券。")
    for index, coupon in enumerate(chosen):
        _text(f"chosen[{index}]", coupon)
    if len(set(chosen)) < len(chosen):
        raise invalid("chosen", "twice", "A coupon is chosen once.", "同一张券只能选一次。")


def _text(path: str, value: Any, *, empty: bool = False) -> None:
    check_text(path, value, limits.TEXT, empty=empty)


def _whole(path: str, value: Any, least: int, most: int) -> None:
    if not _is_whole(value, least, most):
        raise invalid(path, "out_of_range", f"A whole number from {least} to {most}.", f"{least} 到 {most} 的整数。")


def _is_text(value: Any, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most and "\0" not in value


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
