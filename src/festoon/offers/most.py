"""The most an offer can give away by itself: how often it can serve, times the most of one use; None without end.

The most of one use is not read from fields, of which every type has others: the offer is priced on baskets far beyond
any threshold, and where twice the price, twice the pieces and another line take no more, that is its most. So it is the
finding of a search, and told as one; what holds for certain is a budget, see `composition.cost`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from festoon.catalog.goods import Goods
from festoon.engine.price import price
from festoon.engine.stages import PRICE
from festoon.offers.giving import COUPON, Giving
from festoon.records.canonical import canonical
from festoon.rulebook.benefits.value_unknown import ValueUnknown
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

DISCOUNT, GIFTS = "discount", "gifts"
"""The kinds of budget that offers draw on."""
FAR = (10**8, 100)
"""The price and the pieces of a basket beyond any threshold; more pieces where the offer itself names more."""
COUNTS = ("units", "units_per_line", "every_units", "groups_of", "quantity", "buy", "get", "nth")
MOST_PIECES = 10_000
"""An offer that waits for more pieces than this is not tried: it has no end."""
TRIED = (1, 2, 3, 5, 10, 100)
"""Quantities at which is asked what a piece takes."""
HOW = ("type", "with", "benefit", "kind", "stage", "threshold_basis", "percent_basis", "rounding", "weights", "spill")
"""What of an offer says how much it takes; to whom and when does not."""
MOMENT = "2026-01-01T00:00:00Z"
KEPT = 2000


def most_of(giving: Giving, have: Goods) -> dict[str, int | None]:
    """By the kind of budget it draws on, what all its uses come to at most, in minor units; None without end.

    Coupons serve as often as there are (each that pays in parts gives its face value, however often it is used), a
    promotion as often as its pieces or first buyers; no piece takes more than the dearest of its goods costs, and all
    together no more than the offer may cost.
    """
    data, pieces = giving.data, giving.pieces
    coupon, how = data.get("kind") == COUPON, _how(data)
    one = _face(how, giving.face)
    found = [one * each for each in (pieces, giving.buyers) if each is not None and one is not None]
    if not coupon and pieces is not None:
        dearest = max((have.prices[sku] for sku in have.within(data.get("scope") or {})), default=0)
        each = _each_piece(how, dearest)
        found += [] if each is None else [each * pieces]
    found += [] if giving.spent_at_most is None else [giving.spent_at_most]
    gives, worth = _gifts(how)
    gifts = {GIFTS: _all_gifts(giving, how, worth)} if worth else {}
    return gifts if gives and one == 0 else {DISCOUNT: min(found, default=None), **gifts}


def _all_gifts(giving: Giving, how: str, worth: int) -> int | None:
    """The stock of a promotion is its gifts; that of a coupon is the coupons, each of which may give many."""
    one = _gifts_of_one(how) if giving.data.get("kind") == COUPON else worth
    return None if giving.pieces is None or one is None else giving.pieces * one


def payers(data: Mapping[str, Any]) -> Mapping[str, int]:
    """Who pays for an offer, each with its basis points; `merchant` is whoever's goods they are."""
    told = {name: data[name] for name in (*HOW, "payers", "owner") if name in data}
    return dict(_offer(told).payers)


def gives_unvalued(data: Mapping[str, Any]) -> bool:
    """Whether it gives goods whose worth nobody stated: no budget is drawn on for them, and no figure says their cost."""
    return _gifts(_how(data)) == (True, 0)


def _how(data: Mapping[str, Any]) -> str:
    return canonical({name: data[name] for name in HOW if name in data}).decode()


def _face(how: str, face: int | None) -> int | None:
    """The most of one use: a balance gives all that is on it, and what nobody here knows what is printed on it."""
    benefit = _offer(json.loads(how)).benefit
    if benefit.balance:
        return face or int(benefit.whole()) or None
    return face if isinstance(benefit, ValueUnknown) else _one_use(how)


@lru_cache(KEPT)
def _one_use(how: str) -> int | None:
    """The most of one use; None where more of the goods takes more, and where none of these goods was meant."""
    found = {_taken(quote) for quote in _far(how)}
    return found.pop() if len(found) == 1 and (found != {0} or _gifts(how)[0]) else None


@lru_cache(KEPT)
def _gifts_of_one(how: str) -> int | None:
    """What the gifts of one use are worth together; None where more of the goods brings more of them."""
    found = {sum(int(each["value"]) for each in quote["gifts"]) for quote in _far(how)}
    return found.pop() if len(found) == 1 and found != {0} else None


@lru_cache(KEPT)
def _each_piece(how: str, unit: int) -> int | None:
    """What one piece takes at most: no more than it costs; None where it is not goods that are taken from.

    Less only where it works on every unit, or every line, by itself, and then to a minor unit of rounding: else goods
    that other offers or floors leave nothing on help to reach a threshold, and all that is given falls on one piece.
    """
    offer = _offer(json.loads(how))
    if not offer.on_goods:
        return None
    by_line = offer.benefit.by_line(offer) and offer.plainly_running and offer.per == "line"
    if offer.stage != PRICE and not by_line:
        return unit
    found = 0
    for quote in (_quote(how, unit, quantity) for quantity in TRIED if unit):
        units = [each for line in quote["lines"] for each in line["units"] if each["shares"]]
        found = max(found, -(-_taken(quote) // max(1, len(units))))
    return min(unit, found if offer.stage == PRICE else found + 1) if found else unit


@lru_cache(KEPT)
def _gifts(how: str) -> tuple[bool, int]:
    """Whether it gives goods, and what one of them is worth."""
    found = _offer(json.loads(how))
    return bool(found.gives), int(found.benefit.worth())


def _far(how: str) -> Iterator[Any]:
    """The offer on baskets beyond any threshold; on two that differ for certain where it waits for still more."""
    numbers = list(_numbers(json.loads(how)))
    times = max((each for name, each in numbers if name == "times"), default=1)
    pieces = max(FAR[1], *[2 * times * each for name, each in numbers if name in COUNTS], 0)
    if pieces > MOST_PIECES or times * max((each for _, each in numbers), default=0) > FAR[0] * FAR[1]:
        yield from ({"offers": [{"amount": each}], "gifts": [{"value": each}]} for each in (1, 2))
        return
    for p, q, lines in product((1, 2), (1, 2), (1, 2)):
        yield _quote(how, p * FAR[0], q * pieces, lines)


def _numbers(value: Any) -> Iterator[tuple[str, int]]:
    """Every whole number in it, with its name."""
    for name, each in value.items() if isinstance(value, Mapping) else (("", each) for each in value):
        if isinstance(each, Mapping | list):
            yield from _numbers(each)
        elif isinstance(each, int) and name != "basis_points":
            yield str(name), int(each)


def _taken(quote: Any) -> int:
    return sum(int(each["amount"]) for each in quote["offers"])


def _quote(how: str, unit: int, quantity: int, lines: int = 1) -> Any:
    """It on a basket of goods that cost this much, and sending them too."""
    data = json.loads(how)
    coupon = {"wallet": [{"id": "c", "offer": "x"}], "chosen": ["c"]} if data.get("kind") == COUPON else {}
    rows = [{"id": str(n), "sku": f"any-{n}", "quantity": quantity, "unit_price": unit} for n in range(lines)]
    cart = {"currency": "CNY", "moment": MOMENT, "lines": rows, "shipping": unit, **coupon}
    return price(_book(how), read_facts(cart), explain="none").to_data()


def _offer(data: Mapping[str, Any]) -> Any:
    return _book(canonical(data).decode()).offers[0]


@lru_cache(KEPT)
def _book(how: str) -> Any:
    whole = {**json.loads(how), "code": "x", "name": {"en": "x", "zh": "x"}, "scope": {"all": True}}
    return read_book({"festoon": 1, "currency": "CNY", "zone": "UTC", "offers": [whole]})
