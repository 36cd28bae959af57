"""What a draft would do to a basket: priced by the engine beside every live offer, without it and with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Any

from django.db.models import Q

from festoon.base.money import WHOLE
from festoon.base.problems import Problems
from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.goods import Goods, goods
from festoon.checkout.beside import beside
from festoon.console import queries
from festoon.console.receipt import Receipt, Verdict, receipt
from festoon.engine.price import price
from festoon.offers import queries as offers
from festoon.offers.drafts import releasable, span
from festoon.offers.models import Offer
from festoon.offers.worst import DEEP
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from festoon.rulebook.release import read_rule

QUANTITIES = (1, 2, 3, 5, 8, 16, 32)
CANDIDATES = 200
HELD = "draft"
ALLOWANCE = 20_000
"""What the shopper of the preview has left of an allowance, in minor units."""
SHIPPING = 800
GONE = ("rejected", "recalled")


@dataclass(frozen=True, slots=True)
class Preview:
    """A basket before and after. `own` is what became of the draft; `others` what became of the offers beside it."""

    lines: Sequence[tuple[Any, int]]
    before: Receipt
    after: Receipt
    own: Verdict | None
    others: Sequence[Verdict]
    pushed: Sequence[Words]
    moment: datetime
    by_hand: bool
    depth: int
    sample: Any

    @property
    def saved(self) -> int:
        """How much less is to pay with the draft."""
        return int(self.before.totals["payable"]) - int(self.after.totals["payable"])

    @property
    def is_deep(self) -> bool:
        """Whether more than half of the basket's price goes."""
        return self.depth > DEEP


def preview(draft: Offer, basket: Mapping[str, int], shopper: str, *, by: Viewer, now: datetime) -> Preview | None:
    """The basket, or one that shows the draft at work, priced without the draft and with it; None without goods."""
    have, data = goods(now), releasable(draft)
    asked = {sku: count for sku, count in basket.items() if sku in have.lines and _sees(by, have, sku)}
    moment = _moment(draft, now)
    buyer = _buyer(by, shopper) or meant(data)
    found = None
    for lines in [asked] if asked else _baskets(data, have, draft.merchant.code, by):
        cart = _cart(lines, have, draft, data, moment, buyer)
        found = _priced(cart, draft, data, now=now)
        if _own(found[1], draft.code).get("code") == "applied":
            break
    return _shown(found, draft, moment, by=by, by_hand=bool(asked)) if found else None


def middle(data: Mapping[str, Any], merchant: str, *, by: Viewer, now: datetime) -> list[str]:
    """Two of the goods a scope means, of a price in the middle: what samples are made of."""
    have = goods(now)
    scope = data.get("scope")
    inside = have.within(scope) if isinstance(scope, Mapping) else set(have.lines)
    if not by.is_platform:
        inside = inside & have.having("merchant", [merchant])
    priced = [
        sku for sku in nsmallest(CANDIDATES, inside) if have.prices[sku] and "gift" not in have.lines[sku]["tags"]
    ]
    priced.sort(key=lambda sku: (have.prices[sku], sku))
    half = len(priced) // 2
    return priced[max(0, half - 1) : half + 1]


def meant(data: Mapping[str, Any]) -> dict[str, Any]:
    """A shopper whom the draft is meant for, with where and how this one buys."""
    asked: dict[str, Any] = {}
    for condition in data.get("when") or ():
        asked |= condition
    first = {name: next(iter((asked.get(name) or {}).get("any", [])), "") for name in WHERE}
    new = "new_buyer" in asked
    buyer = {"id": "example", "segments": list((asked.get("segment") or {}).get("any", [])),
             "orders_placed": 0 if new else int((asked.get("nth_order") or {}).get("least", 2)) - 1, "new": new}  # fmt: skip
    level = first["level"] or next((row["level"] for row in (data.get("with") or {}).get("levels", ()) if row), "")
    told = {name: first[name] for name in ("channel", "store", "scene") if first[name]}
    if first["payment_method"]:
        told["payment"] = first["payment_method"]
    return {"buyer": buyer | ({"level": level} if level else {}), **told}


WHERE = ("channel", "store", "scene", "level", "payment_method")


def _sees(by: Viewer, have: Goods, sku: str) -> bool:
    if by.is_platform:
        return True
    return bool(catalog.merchants(by).filter(code=have.lines[sku]["merchant"]).exists())


def _buyer(by: Viewer, code: str) -> dict[str, Any] | None:
    """A known shopper as the centre knows this one; None for nobody of this name."""
    row = catalog.shoppers(by).filter(code=code).first() if code else None
    if row is None:
        return None
    told = {"id": row.code, "segments": catalog.segments_of_code(by, code), "orders_placed": row.orders_placed,
            "new": row.orders_placed == 0}  # fmt: skip
    born = row.portrait.get("birthday_month")
    return {"buyer": told | ({"level": row.level} if row.level else {}) | ({"birthday_month": born} if born else {}),
            "channel": "app"}  # fmt: skip


def _moment(draft: Offer, now: datetime) -> datetime:
    """Now; of a draft that begins later, its first moment; of one that is over, its first moment too."""
    start, end = span(draft.draft.get("window") or {}, draft.merchant.zone)
    over = end is not None and end <= now
    return start if start is not None and (start > now or over) else now


def _baskets(data: Mapping[str, Any], have: Goods, merchant: str, by: Viewer) -> Iterator[dict[str, int]]:
    """Baskets of two goods of the draft, each bigger than the one before."""
    scope = data.get("scope") or {"all": True}
    inside = have.within(scope if by.is_platform else {**scope, "merchant": [merchant]})
    skus = [sku for sku in nsmallest(CANDIDATES, inside) if have.prices[sku]]
    skus.sort(key=lambda sku: (have.prices[sku], sku))
    half = len(skus) // 2
    for count in QUANTITIES if skus else ():
        yield dict.fromkeys(skus[max(0, half - 1) : half + 1], count)


def _cart(
    lines: Mapping[str, int],
    have: Goods,
    draft: Offer,
    data: Mapping[str, Any],
    moment: datetime,
    who: Mapping[str, Any],
) -> dict[str, Any]:
    held: dict[str, Any] = {}
    if draft.kind == "coupon":
        given = data.get("with") or {}
        balance = ALLOWANCE if "tiers" in given and not given.get("off") else given.get("amount")
        held = {"wallet": [{"id": HELD, "offer": draft.code} | ({"balance": balance} if _is_balance(data) else {})],
                "chosen": [HELD]}  # fmt: skip
    known = {sku: {name: value for name, value in have.lines[sku].items() if value is not None} for sku in lines}
    return {
        "currency": draft.merchant.currency, "moment": moment.astimezone(UTC).isoformat(), "shipping": SHIPPING,
        "lines": [{"id": sku, "sku": sku, "quantity": count, "unit_price": have.prices[sku], **known[sku]}
                  for sku, count in lines.items()],
        **who, **held,
    }  # fmt: skip


def _is_balance(data: Mapping[str, Any]) -> bool:
    rule = read_rule(data, (), Problems())
    return rule is not None and rule.benefit.balance


def _priced(
    cart: dict[str, Any], draft: Offer, data: Mapping[str, Any], *, now: datetime
) -> tuple[Mapping[str, Any], Mapping[str, Any], dict[str, Any]]:
    bare = {name: value for name, value in cart.items() if name not in ("wallet", "chosen")}
    live = beside(bare, draft.merchant.currency, without=draft.code, now=now)
    codes = {each["code"] for each in live["offers"]}
    both = {**live, "offers": [*live["offers"], data], "exclusions": [*live["exclusions"], *_exclusions(draft, codes)]}
    before = price(read_book(live), read_facts(bare)).to_data(words=True)
    return before, price(read_book(both), read_facts(cart)).to_data(words=True), cart


def _exclusions(draft: Offer, codes: set[str]) -> Iterator[dict[str, Any]]:
    """What was said of this offer and those beside it, agreed on or not yet: it will hold when the draft is live."""
    about = offers.exclusions(SYSTEM).filter(Q(first__code=draft.code) | Q(second__code=draft.code))
    for one in about.exclude(state__in=GONE):
        pair = [one.first.code, one.second.code]
        if codes >= set(pair) - {draft.code}:
            yield {"code": one.code, "between": pair, "grain": one.grain}


def _own(quote: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    return next((each for each in quote["verdicts"] if each["offer"] == code), {})


def _shown(
    found: tuple[Mapping[str, Any], Mapping[str, Any], dict[str, Any]], draft: Offer, moment: datetime, *, by: Viewer, by_hand: bool
) -> Preview:  # fmt: skip
    before, after, cart = found
    skus = [line["sku"] for line in cart["lines"]]
    wanted = {*skus, *(each["sku"] for each in after["gifts"])}
    products = {row.sku: row for row in catalog.products(by).filter(sku__in=wanted)}
    codes = {each["offer"] for each in [*before["verdicts"], *after["verdicts"]]}
    names = {**queries.offer_names(by, codes), draft.code: name_of(draft)}
    shown = [receipt(quote, products, names) for quote in (before, after)]
    verdicts = [one for group in shown[1].groups for one in group.verdicts]
    applied = [{one["offer"] for one in quote["offers"]} for quote in (before, after)]
    listed = int(after["totals"]["list"])
    return Preview(
        lines=[(products.get(line["sku"]), line["quantity"]) for line in cart["lines"]],
        before=shown[0], after=shown[1],
        own=next((one for one in verdicts if one.offer == draft.code), None),
        others=[one for one in verdicts if one.offer != draft.code],
        pushed=[names[code] for code in sorted(applied[0] - applied[1]) if code in names],
        moment=moment, by_hand=by_hand,
        depth=(listed - int(after["totals"]["goods"])) * WHOLE // listed if listed else 0,
        sample=products.get(skus[0]) if skus else None,
    )  # fmt: skip
