"""A cart as JSON, read into facts: every value checked, lines that cannot be told apart put together."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from festoon.base.money import MOST
from festoon.base.problems import Path
from festoon.base.windows import instant
from festoon.base.words import Words
from festoon.engine.facts import Availability, Buyer, Facts, Held, Row

MOST_LINES = 1_000
MOST_QUANTITY = 100_000
MOST_WALLET = 1_000
MOST_CHOSEN = 10
BEST = "best"
"""Instead of chosen coupons: the best of the wallet."""

_CART = {
    "currency", "moment", "channel", "scene", "store", "merchant", "buyer", "lines", "shipping", "wallet", "chosen",
    "availability", "payment", "only_sum", "confirmed_by_eye", "confirmed_by",
}  # fmt: skip
_LINE = {
    "id", "sku", "quantity", "unit_price", "product", "category", "brand", "store", "merchant", "tags", "tag_floor",
    "net_floor", "unit_cost",
}  # fmt: skip
_SINGLE = ("product", "brand", "store", "merchant")
_FLOORS = ("tag_floor", "net_floor", "unit_cost")
_NOTHING = (None, "")
_BUYER = {"id", "segments", "level", "orders_placed", "new", "birthday_month"}
_HELD = {"id", "offer", "expires", "balance"}
_AVAILABLE = {"uses", "buyer_uses", "budget", "units", "buyers"}


class FactsError(ValueError):
    """A cart that cannot be priced: `path` leads to the field, `code` is for machines, `words` for people."""

    def __init__(self, path: Path, code: str, words: Words) -> None:
        self.path, self.code, self.words = path, code, words
        super().__init__(f"{self.field}: {words.en}")

    @property
    def field(self) -> str:
        """The path as people write it: lines[2].quantity"""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text

    def to_data(self) -> dict[str, object]:
        """The documented error: {"error": {"field", "code", "words"}}."""
        return {"error": {"field": self.field, "code": self.code, "words": self.words.to_data()}}


def read_facts(cart: Any) -> Facts:
    """The facts of a cart. Raises FactsError at the first value that is missing, of the wrong kind or absurd."""
    data = _mapping(cart, (), _CART)
    moment = _text(data, "moment", ())
    try:
        at = instant(moment)
    except (ValueError, OverflowError) as fault:
        raise FactsError(
            ("moment",), "moment", Words("must be a moment with an offset", "须为带时区偏移的时间")
        ) from fault
    currency = _text(data, "currency", ())
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise FactsError(("currency",), "currency", Words("must be a code such as CNY", "须为货币代码，如 CNY"))
    only_sum, rows = _flag(data, "only_sum", ()), _rows(data.get("lines"))
    if only_sum:
        rows = [_sum_of_purchase(rows, data)]
    return Facts(
        currency,
        moment,
        at,
        rows,
        shipping=_whole(data, "shipping", (), 0),
        channel=_maybe(data, "channel", ()),
        scene=_maybe(data, "scene", ()),
        store=_maybe(data, "store", ()),
        merchant=_maybe(data, "merchant", ()),
        buyer=_buyer(data.get("buyer")),
        wallet=_wallet(data.get("wallet")),
        chosen=() if data.get("chosen") == BEST else _codes(data, "chosen", (), MOST_CHOSEN),
        best=data.get("chosen") == BEST,
        availability=_availability(data.get("availability")),
        data=cart,
        payment=_maybe(data, "payment", ()),
        only_sum=only_sum,
        confirmed=_confirmed(data, only_sum),
    )


def read_more(facts: Facts, cart: Mapping[str, Any]) -> Facts:
    """The same lines with what else became known of the cart: buyer, wallet, chosen coupons, what is left.

    Raises FactsError for these as `read_facts` does; everything else of `cart` must be what `facts` was read from.
    """
    found = copy(facts)
    found.buyer = _buyer(cart.get("buyer"))
    found.wallet = _wallet(cart.get("wallet"))
    found.best = cart.get("chosen") == BEST
    found.chosen = () if found.best else _codes(cart, "chosen", (), MOST_CHOSEN)
    found.availability = _availability(cart.get("availability"))
    found.data = cart
    return found


def _rows(lines: Any) -> list[Row]:
    """Lines of the same goods at the same price become one row; rows stand in the order of their first line id."""
    listed = _list(lines, ("lines",), MOST_LINES)
    if not listed:
        raise FactsError(("lines",), "empty", Words("must not be empty", "不能为空"))
    seen: set[str] = set()
    alike: dict[tuple[Any, ...], list[tuple[str, int]]] = {}
    total = 0
    for i, line in enumerate(listed):
        path: Path = ("lines", i)
        data = _mapping(line, path, _LINE)
        name, quantity, price = (
            _text(data, "id", path),
            _whole(data, "quantity", path, None, 1, MOST_QUANTITY),
            _whole(data, "unit_price", path),
        )
        if name in seen:
            raise FactsError((*path, "id"), "twice", Words(f"{name!r} is used twice", f"{name!r} 重复"))
        seen.add(name)
        total += price * quantity
        if total > MOST:
            raise FactsError((*path, "unit_price"), "overflow", Words("the cart is too large", "金额过大"))
        alike.setdefault(_goods(data, price, path), []).append((name, quantity))
    rows = [
        Row(tuple(sorted(ids)), price, single, many, tag_floor, net_floor)
        for (price, single, many, tag_floor, net_floor, _), ids in alike.items()
    ]
    rows.sort(key=lambda row: row.lines[0][0])
    return rows


def _sum_of_purchase(rows: list[Row], data: Mapping[str, Any]) -> Row:
    """The one row that stands for everything bought in a store, of which nobody entered what it is."""
    row = rows[0]
    if len(rows) > 1 or len(row.lines) > 1 or row.quantity > 1:
        raise FactsError(
            ("lines",), "only_sum", Words("must be one line of one unit: the sum", "须为一行一件：消费总额")
        )
    product, brand = row.single[1:3]
    if product or brand or row.many != ((), ()):
        raise FactsError(("lines", 0), "only_sum", Words("of a sum no goods are known", "仅知总额，不能有商品属性"))
    sku, store, merchant = row.single[0], row.single[3], row.single[4]
    here = (sku, "", "", store or _maybe(data, "store", ()), merchant or _maybe(data, "merchant", ()))
    return Row(row.lines, row.unit_price, here, row.many, row.tag_floor, row.net_floor)


def _confirmed(data: Mapping[str, Any], only_sum: bool) -> frozenset[str]:
    """The coupons whose goods staff saw; who it was goes with them into the record."""
    found = frozenset(_codes(data, "confirmed_by_eye", ()))
    if found and not only_sum:
        raise FactsError(("confirmed_by_eye",), "only_sum", Words("is for a sum of purchase", "仅用于只知总额的消费"))
    if found:
        _text(data, "confirmed_by", ())
    return found


def _goods(data: Mapping[str, Any], price: int, path: Path) -> tuple[Any, ...]:
    """What makes two lines the same goods."""
    sku = _text(data, "sku", path)
    single = (sku, *[_text(data, name, path) if data.get(name) not in _NOTHING else "" for name in _SINGLE])
    many = (_codes(data, "category", path), tuple(sorted(_codes(data, "tags", path))))
    floors = [_whole(data, name, path, 0) if name in data else 0 for name in _FLOORS]
    return (price, single, many, *floors)


def _buyer(value: Any) -> Buyer:
    if value is None:
        return Buyer()
    path: Path = ("buyer",)
    data = _mapping(value, path, _BUYER)
    new = _flag(data, "new", path) if data.get("new") is not None else None
    placed = _whole(data, "orders_placed", path) if data.get("orders_placed") is not None else None
    segments = frozenset(_codes(data, "segments", path))
    month = data.get("birthday_month")
    born = _whole(data, "birthday_month", path, None, 1, 12) if month is not None else None
    return Buyer(_maybe(data, "id", path), segments, _maybe(data, "level", path), placed, new, born)


def _wallet(value: Any) -> tuple[Held, ...]:
    found: list[Held] = []
    seen: set[str] = set()
    for i, one in enumerate(_list(value, ("wallet",), MOST_WALLET)):
        path: Path = ("wallet", i)
        data = _mapping(one, path, _HELD)
        coupon, expires = _text(data, "id", path), data.get("expires")
        if coupon in seen:
            raise FactsError((*path, "id"), "twice", Words(f"{coupon!r} is used twice", f"{coupon!r} 重复"))
        seen.add(coupon)
        try:
            until = instant(expires) if expires is not None else None
        except (ValueError, TypeError, OverflowError) as fault:
            raise FactsError(
                (*path, "expires"), "moment", Words("must be a moment with an offset", "须为带时区偏移的时间")
            ) from fault
        balance = _whole(data, "balance", path) if data.get("balance") is not None else None
        found.append(Held(coupon, _text(data, "offer", path), until, balance))
    return tuple(found)


def _availability(value: Any) -> dict[str, Availability]:
    if value is None:
        return {}
    found = {}
    for offer, left in _mapping(value, ("availability",), None).items():
        path: Path = ("availability", offer)
        data = _mapping(left, path, _AVAILABLE)
        known = {name: _whole(data, name, path) for name in _AVAILABLE if data.get(name) is not None}
        found[offer] = Availability(**known)
    return found


def _mapping(value: Any, path: Path, known: set[str] | None) -> Mapping[str, Any]:
    if not isinstance(value, dict | Mapping):
        raise FactsError(path, "mapping", Words("must hold named fields", "须为具名字段"))
    if known is None or value.keys() <= known:
        return value
    for name in value:
        if name not in known:
            raise FactsError((*path, str(name)), "unknown", Words("is not known", "未知字段"))
    return value


def _list(value: Any, path: Path, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise FactsError(path, "rows", Words("must be a list", "须为列表"))
    if len(value) > most:
        raise FactsError(path, "many", Words(f"must not be longer than {most}", f"不得超过 {most} 项"))
    return list(value)


def _text(data: Mapping[str, Any], name: str, path: Path) -> str:
    value = data.get(name)
    if isinstance(value, str) and value and len(value) <= 200:
        return value
    code, words = (
        ("missing", Words("is missing", "缺失"))
        if value is None
        else ("text", Words("must be a text of 1 to 200 characters", "须为 1 至 200 字的文字"))
    )
    raise FactsError((*path, name), code, words)


def _maybe(data: Mapping[str, Any], name: str, path: Path) -> str:
    value = data.get(name)
    return _text(data, name, path) if value is not None and value != "" else ""


def _flag(data: Mapping[str, Any], name: str, path: Path) -> bool:
    value = data.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise FactsError((*path, name), "flag", Words("must be true or false", "须为 true 或 false"))


def _whole(
    data: Mapping[str, Any], name: str, path: Path, default: int | None = None, least: int = 0, most: int = MOST
) -> int:
    value = data.get(name, default)
    if isinstance(value, int) and least <= value <= most and not isinstance(value, bool):
        return value
    if value is None:
        raise FactsError((*path, name), "missing", Words("is missing", "缺失"))
    if isinstance(value, bool) or not isinstance(value, int):
        raise FactsError((*path, name), "whole", Words("must be a whole number", "须为整数"))
    if not least <= value <= most:
        raise FactsError(
            (*path, name), "range", Words(f"must be between {least} and {most}", f"须在 {least} 与 {most} 之间")
        )
    return value


def _codes(data: Mapping[str, Any], name: str, path: Path, most: int = 100) -> tuple[str, ...]:
    value = data.get(name)
    if value is None:
        return ()
    if isinstance(value, str) and value and name == "category":
        return (value,)
    found = _list(value, (*path, name), most)
    for i, one in enumerate(found):
        if not isinstance(one, str) or not one or len(one) > 200:
            raise FactsError(
                (*path, name, i), "text", Words("must be a text of 1 to 200 characters", "须为 1 至 200 字的文字")
            )
    if len(set(found)) < len(found):
        raise FactsError((*path, name), "twice", Words("names something twice", "有重复的项"))
    return tuple(found)
