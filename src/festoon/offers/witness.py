"""A basket in which two offers both serve: real goods, a moment, a shopper, the coupons it holds; the engine has priced it.

A search over the goods that both mean: the fewest pieces first, up to what reaches their thresholds, with the goods their
rules name beside them, for a shopper whom both are for. What it finds is certain, for the engine says that both applied;
where it finds nothing, it says so and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from django.conf import settings

from festoon.base.windows import moment_text
from festoon.engine.price import price
from festoon.offers.overlap import Board, Overlap
from festoon.offers.reach import LAST, Reach
from festoon.offers.standing import Standing
from festoon.offers.tries import MOST_PIECES, balance, line, named, thresholds
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

MOST_PRICES, MOST_GOODS, LOOKED_AT = 400, 6, 300
HOUR = 3_600_000_000
SHIPPING = 1000
"""What sending costs in a basket in which an offer looks at it."""
GRAINS = ("order", "line")
Cart = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Witness:
    """A basket in which two offers both serve, as the engine prices it.

    `prices` by what stands between the two: "" (nothing), `order`, `line`; each the quote as data. `one_line`: both took
    something off one line.
    """

    cart: Mapping[str, Any]
    prices: Mapping[str, Mapping[str, Any]]
    one_line: bool

    def pays(self, grain: str = "") -> int:
        """What the shopper pays, in minor units."""
        return int(self.prices[grain]["totals"]["payable"])


def witness(on: Board, one: Standing, overlap: Overlap) -> Witness | None:
    """A basket in which `one` and the offer it overlaps both serve; None when the search finds none.

    At most 400 prices of two offers are computed, some hundredths of a second.
    """
    other, currency = overlap.other, on.currency
    book = read_book(_book(currency, on.have.zone, [one, other]))
    found: Cart | None = None
    codes = {one.code, other.code}
    for cart in islice(_carts(on, one, overlap), MOST_PRICES):
        quote: Any = price(book, read_facts(cart)).to_data()
        if codes <= {each["offer"] for each in quote["verdicts"] if each["code"] == "applied"}:
            if _on_one_line(quote, codes):
                return _priced(on, one, other, cart, one_line=True)
            found = found or cart
    return _priced(on, one, other, found, one_line=False) if found else None


def _priced(on: Board, one: Standing, other: Standing, cart: Cart, *, one_line: bool) -> Witness:
    prices: dict[str, Mapping[str, Any]] = {}
    for grain in ("", *GRAINS):
        data = _book(on.currency, on.have.zone, [one, other])
        if grain:
            data["exclusions"] = [{"code": "x", "between": sorted((one.code, other.code)), "grain": grain}]
        prices[grain] = price(read_book(data), read_facts(cart)).to_data(words=True)
    return Witness(cart, prices, one_line)


def _book(currency: str, zone: str, offers: Sequence[Standing]) -> dict[str, Any]:
    left_out = ("state", "budget")
    rows = [{name: value for name, value in each.data.items() if name not in left_out} for each in offers]
    policy = dict(getattr(settings, "FESTOON_POLICY", {}))
    return {"festoon": 1, "currency": currency, "zone": zone, "policy": policy, "offers": rows}


def _on_one_line(quote: Mapping[str, Any], codes: set[str]) -> bool:
    return any(codes <= {share["offer"] for share in line["shares"]} for line in quote["lines"])


def _carts(on: Board, one: Standing, overlap: Overlap) -> Iterator[Cart]:
    """Baskets to try, the plainest first."""
    pair = [one, overlap.other]
    have = on.bits.have
    goods = _goods(on, overlap)
    wallet = [
        {"id": f"c-{n}", "offer": each.code, "balance": balance(each.data)}
        for n, each in enumerate(pair, 1) if each.kind == "coupon"
    ]  # fmt: skip
    asked = [each.data for each in pair]
    beside = named(asked, have)[:MOST_GOODS]
    reached, pieces = sorted(set(thresholds(asked))), _pieces(asked)
    for moment, whom in _when_and_whom(pair, overlap):
        for shipping, extra, quantity, sku in product((0, SHIPPING), ([], beside), range(MOST_PIECES), goods):
            if extra and not beside:
                continue
            tried = _quantities(have.prices[sku], reached, pieces)
            if quantity < len(tried):
                rows = [(sku, tried[quantity]), *[(each, 1) for each in extra if each != sku]]
                yield {
                    "currency": on.currency, "moment": moment_text(moment), **whom, "shipping": shipping, "wallet": wallet,
                    "chosen": [each["id"] for each in wallet],
                    "lines": [line(n, each, count, have) for n, (each, count) in enumerate(rows, 1)],
                }  # fmt: skip


def _goods(on: Board, overlap: Overlap) -> list[str]:
    """A few of the goods that both mean: of a price in the middle first, then the dearest and the cheapest."""
    prices = on.bits.have.prices
    priced = sorted((prices[sku], sku) for sku in on.bits.first(overlap.shared, LOOKED_AT) if prices[sku])
    middle = len(priced) // 2
    picked = [*priced[middle : middle + 2], *priced[-2:], *priced[:2]]
    return list(dict.fromkeys(sku for _, sku in picked))[:MOST_GOODS]


def _quantities(unit: int, reached: Sequence[int], pieces: set[int]) -> list[int]:
    """One, a few, what reaches each threshold, and some times as much, for where the other lowers what counts."""
    enough = {-(-threshold // unit) * times for threshold in reached if threshold > 0 for times in (1, 2, 4)}
    return sorted({1, 2, 3} | {each for each in enough | pieces if 0 < each <= MOST_PIECES})


def _pieces(value: Any) -> set[int]:
    """Small whole numbers of the rules: how many to buy, the how manieth piece."""
    if isinstance(value, Mapping):
        return set().union(*map(_pieces, value.values()))
    if isinstance(value, list):
        return set().union(*map(_pieces, value))
    return {value, value + 1} if isinstance(value, int) and not isinstance(value, bool) and 1 < value < 20 else set()


def _when_and_whom(pair: Sequence[Standing], overlap: Overlap) -> Iterator[tuple[int, dict[str, Any]]]:
    """Moments in which both are given, each with a shopper whom both are for."""
    born = any("birthday_month" in condition for each in pair for condition in each.data.get("when") or ())
    new = any("new_buyer" in condition for each in pair for condition in each.data.get("when") or ())
    for mine, theirs in product(pair[0].reach, pair[1].reach):
        since, until = max(mine.since, theirs.since, overlap.since), min(mine.until, theirs.until, overlap.until)
        if since >= until:
            continue
        whom = _shopper(mine, theirs, new=new)
        hours = range(169) if mine.hours or theirs.hours else (0,)
        for hour in hours:
            if (moment := since + hour * HOUR) < until and mine.open_at(moment) and theirs.open_at(moment):
                month = {"birthday_month": int(moment_text(moment)[5:7])} if born else {}
                yield moment, {**whom, "buyer": {**whom["buyer"], **month}}


def _shopper(mine: Reach, theirs: Reach, *, new: bool) -> dict[str, Any]:
    """Somebody of whom both say yes: in a segment of each they ask for and in none they shut out."""
    shut = mine.none | theirs.none
    segments = sorted({min(some - shut, default="") for some in (*mine.some, *theirs.some)} - {""})
    least, most = max(mine.orders[0], theirs.orders[0]), min(mine.orders[1], theirs.orders[1])
    placed = 0 if new else least - 1 if (least, most) != (1, LAST) else 3
    asked = {name: values for each in (mine, theirs) for name, values in (each.only or {}).items()}
    for each in (mine, theirs):
        for name, values in (each.only or {}).items():
            asked[name] = asked[name] & values
    one = {name: min(values, default="") for name, values in asked.items()}
    buyer = {"id": one.pop("buyer", "") or "somebody", "segments": segments, "orders_placed": placed, "new": new}
    if level := one.pop("level", ""):
        buyer["level"] = level
    return {"buyer": buyer, **one}
