"""The worst stack: the deepest legal combination found on the goods an offer touches, with the basket that does it.

A search with the engine over baskets and buyers, not a proof: what it finds can happen, what it does not find may. It
plays the draft with everything that is live or in review on the same goods, for a buyer who holds one of every
coupon and belongs to whatever the offers ask for, on a few of every group of goods that the same offers meet, each
alone and with the goods that the rules name.
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
from festoon.offers.affected import Sample, near, samples
from festoon.offers.drafts import span
from festoon.offers.goods_bits import GoodsBits
from festoon.offers.tries import MOST_PIECES, balance, buyers, line, named, quantities, thresholds
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

MOST_PRICES, MOST_GOODS, MOST_BESIDE = 240, 16, 4
DEEP = 5000
"""Half the price: what is deeper is flagged."""
Piece = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Stack:
    """One basket and what was taken off it; amounts in minor units, `depth` in basis points.

    Of `sku` the basket holds `quantity`, and of each in `beside` so many; `alike` goods, this one among them, are met by
    the same offers.
    """

    sku: str
    quantity: int
    beside: Sequence[Piece]
    alike: int
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
    bits: GoodsBits,
    now: datetime,
) -> list[Stack]:
    """The deepest stack found on each of a few goods of every group that the same offers meet, the deepest first.

    `drafts` and `beside` are releases in the offers-file form, `rest` the other parts of the book they are priced in.
    At most 240 prices are computed, so a day's campaign of a hundred offers takes a moment.
    """
    around = near(drafts, beside, bits)
    tried = {each.sku: each for each in samples(drafts, around, bits, MOST_GOODS)}
    if not tried:
        return []
    offers = [*drafts, *around]
    codes = {each["code"] for each in offers}
    pairs = [each for each in rest.get("exclusions", ()) if codes >= set(each["between"])]
    book = read_book({**rest, "offers": [_open(each) for each in offers], "exclusions": pairs})
    with_them = named(list(drafts), bits.have)[:MOST_BESIDE]
    found: dict[str, Stack] = {}
    for sku, cart in islice(_carts(list(tried), with_them, offers, bits.have, now, rest["currency"]), MOST_PRICES):
        stack = _stack(book, tried[sku], cart, bits.have)
        if sku not in found or (stack.depth, -stack.quantity) > (found[sku].depth, -found[sku].quantity):
            found[sku] = stack
    return sorted(found.values(), key=lambda each: (-each.depth, each.sku))


def _open(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The release as it will be: live, whatever it is now."""
    return {name: value for name, value in data.items() if name not in ("state", "budget")}


def _carts(
    goods: Sequence[str],
    with_them: Sequence[str],
    offers: Sequence[Mapping[str, Any]],
    have: Goods,
    now: datetime,
    currency: str,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Baskets, the likeliest to be deep first: each of the goods, at each quantity that reaches a threshold."""
    reached = sorted(set(thresholds([offers])))
    wallet = [{"id": f"worst-{n}", "offer": each["code"], "balance": balance(each)}
              for n, each in enumerate(offers) if each.get("kind") == "coupon"]  # fmt: skip
    whom, beside = list(buyers(offers)), [[], with_them] if with_them else [[]]
    for quantity, extra, moment, buyer in product(range(MOST_PIECES), beside, _moments(offers, now), whom):
        for sku in goods:
            tried = quantities(have.prices[sku], reached)
            if quantity < len(tried):
                rows = [(sku, tried[quantity]), *((each, 1) for each in extra if each != sku)]
                yield sku, {
                    "currency": currency, "moment": moment, **buyer,
                    "lines": [line(n, each, count, have) for n, (each, count) in enumerate(rows, 1)],
                    "wallet": wallet, "chosen": "best",
                }  # fmt: skip


def _moments(offers: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """Now, and when each of the offers begins, where that is still to come."""
    starts = {span(each.get("window") or {}, "UTC")[0] for each in offers}
    ahead = sorted(start for start in starts if start is not None and start > now)
    return [moment.astimezone(UTC).isoformat() for moment in [*ahead[-1:], now, *ahead[:-1]][:3]]


def _stack(book: Book, sample: Sample, cart: dict[str, Any], have: Goods) -> Stack:
    quote: Any = price(book, read_facts(cart)).to_data(words=True)
    total, pays = int(quote["totals"]["list"]), int(quote["totals"]["payable"])
    pieces = [(str(each["sku"]), int(each["quantity"])) for each in cart["lines"]]
    cost, floor = _sum(pieces, "unit_cost", have), _sum(pieces, "tag_floor", have)
    depth = (total - pays) * WHOLE // total if total else 0
    profit = None if cost is None else pays - cost
    flags = {
        "free": pays == 0,
        "below_cost": profit is not None and profit < 0,
        "at_floor": bool(floor) and pays <= (floor or 0),
        "deep": depth >= DEEP,
    }
    applied = [{name: each[name] for name in ("offer", "name", "amount")} for each in quote["offers"]]
    return Stack(
        sku=sample.sku, quantity=pieces[0][1], beside=pieces[1:], alike=sample.alike, list=total, payable=pays,
        depth=depth, offers=applied, flags=[flag for flag, raised in flags.items() if raised], profit=profit,
    )  # fmt: skip


def _sum(pieces: Sequence[Piece], name: str, have: Goods) -> int | None:
    """Of all pieces together; None where one of them has no such figure."""
    total = 0
    for sku, quantity in pieces:
        one = have.lines[sku].get(name)
        if one is None:
            return None
        total += int(one) * quantity
    return total
