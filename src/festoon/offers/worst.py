"""The worst stack: the deepest legal combination found on the goods an offer touches, with the basket that does it.

A search with the engine over baskets and buyers, not a proof: what it finds can happen, what it does not find may. It
plays the draft with everything that is live or in review on the same goods, for a buyer who holds one of every
coupon and belongs to whatever the offers ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice, product
from typing import Any

from festoon.base.money import WHOLE
from festoon.catalog.goods import Goods
from festoon.engine.book import Book
from festoon.engine.price import price
from festoon.offers.drafts import span
from festoon.offers.tries import MOST_PIECES, balance, buyers, quantities, thresholds
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

MOST_PRICES, MOST_GOODS = 120, 8
DEEP = 5000
"""Half the price: what is deeper is flagged."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One basket of one sku and what was taken off it; amounts in minor units, `depth` in basis points."""

    sku: str
    quantity: int
    list: int
    payable: int
    depth: int
    offers: Sequence[Mapping[str, Any]]
    flags: Sequence[str]
    profit: int | None

    def to_data(self) -> dict[str, Any]:
        """As a review keeps it; profit is among the costs, which not everybody sees."""
        data = asdict(self)
        profit = data.pop("profit")
        return data | ({"costs": {"profit": profit}} if profit is not None else {})


def worst(
    drafts: Sequence[Mapping[str, Any]],
    beside: Sequence[Mapping[str, Any]],
    rest: Mapping[str, Any],
    have: Goods,
    now: datetime,
) -> list[Stack]:
    """The deepest stack found on each of a few goods of the drafts, the deepest first.

    `drafts` and `beside` are releases in the offers-file form, `rest` the other parts of the book they are priced in.
    At most 120 prices are computed, so a day's campaign of a hundred offers takes a moment.
    """
    goods = _touched(drafts, have)
    if not goods:
        return []
    near = [each for each in beside if any(have.means(each.get("scope") or {}, sku) for sku in goods)]
    offers = [*drafts, *near]
    codes = {each["code"] for each in offers}
    pairs = [each for each in rest.get("exclusions", ()) if codes >= set(each["between"])]
    book = read_book({**rest, "offers": [_open(each) for each in offers], "exclusions": pairs})
    found: dict[str, Stack] = {}
    for sku, cart in islice(_carts(goods, offers, have, now, str(rest["currency"])), MOST_PRICES):
        stack = _stack(book, sku, cart, have)
        if sku not in found or (stack.depth, -stack.quantity) > (found[sku].depth, -found[sku].quantity):
            found[sku] = stack
    return sorted(found.values(), key=lambda each: (-each.depth, each.sku))


def _touched(drafts: Sequence[Mapping[str, Any]], have: Goods) -> list[str]:
    """A few goods of the drafts: the cheapest and the dearest of each, for that is where rules go wrong."""
    found: dict[str, None] = {}
    for draft in drafts:
        priced = sorted((have.prices[sku], sku) for sku in _within(draft, have) if have.prices[sku])
        found |= dict.fromkeys(sku for _, sku in (*priced[:2], *priced[-2:]))
        if len(found) >= MOST_GOODS:
            break
    return list(found)[:MOST_GOODS]


def _within(data: Mapping[str, Any], have: Goods) -> set[str]:
    return have.within(data.get("scope") or {})


def _open(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The release as it will be: live, whatever it is now."""
    return {name: value for name, value in data.items() if name not in ("state", "budget")}


def _carts(
    goods: Sequence[str], offers: Sequence[Mapping[str, Any]], have: Goods, now: datetime, currency: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Baskets, the likeliest to be deep first: each of the goods, at each quantity that reaches a threshold."""
    reached = sorted(set(thresholds([offers])))
    wallet = [{"id": f"worst-{n}", "offer": each["code"], "balance": balance(each)}
              for n, each in enumerate(offers) if each.get("kind") == "coupon"]  # fmt: skip
    whom = list(buyers(offers))
    for quantity, moment, buyer in product(range(MOST_PIECES), _moments(offers, now), whom):
        for sku in goods:
            tried = quantities(have.prices[sku], reached)
            if quantity < len(tried):
                line = {"id": "1", "sku": sku, "quantity": tried[quantity], "unit_price": have.prices[sku]}
                known = {name: value for name, value in have.lines[sku].items() if value is not None}
                yield sku, {
                    "currency": currency, "moment": moment, **buyer, "lines": [{**known, **line}],
                    "wallet": wallet, "chosen": "best",
                }  # fmt: skip


def _moments(offers: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """Now, and when each of the offers begins, where that is still to come."""
    starts = {span(each.get("window") or {}, "UTC")[0] for each in offers}
    ahead = sorted(start for start in starts if start is not None and start > now)
    return [moment.astimezone(UTC).isoformat() for moment in [*ahead[-1:], now, *ahead[:-1]][:3]]


def _stack(book: Book, sku: str, cart: dict[str, Any], have: Goods) -> Stack:
    quote: Any = price(book, read_facts(cart)).to_data(words=True)
    total, pays = int(quote["totals"]["list"]), int(quote["totals"]["payable"])
    quantity, known = int(cart["lines"][0]["quantity"]), have.lines[sku]
    cost, floor = known.get("unit_cost"), known.get("tag_floor")
    depth = (total - pays) * WHOLE // total if total else 0
    profit = None if cost is None else pays - cost * quantity
    flags = {
        "free": pays == 0,
        "below_cost": profit is not None and profit < 0,
        "at_floor": bool(floor) and pays <= int(floor or 0) * quantity,
        "deep": depth >= DEEP,
    }
    applied = [{name: each[name] for name in ("offer", "name", "amount")} for each in quote["offers"]]
    return Stack(
        sku=sku, quantity=quantity, list=total, payable=pays, depth=depth, offers=applied,
        flags=[flag for flag, raised in flags.items() if raised], profit=profit,
    )  # fmt: skip
