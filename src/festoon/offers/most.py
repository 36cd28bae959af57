"""The most an offer can give away by itself: how often it can serve, times the most of one use; None without end.

The most of one use is not read from fields, of which every type has others: the offer is priced on baskets far beyond
any threshold, and where twice the price and twice the pieces take no more, that is its most. So it is the finding of a
search, and told as one; what holds for certain is a budget, see `composition.cost`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from festoon.catalog.goods import Goods
from festoon.engine.price import price
from festoon.offers.drafts import releasable
from festoon.offers.models import Offer
from festoon.offers.stock import first_buyers
from festoon.offers.tries import balance
from festoon.records.canonical import canonical
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

DISCOUNT, GIFTS = "discount", "gifts"
"""The kinds of budget that offers draw on."""
FAR = (10**8, 100)
"""The price and the pieces of a basket beyond any threshold."""
HOW = ("type", "with", "benefit", "kind", "stage", "threshold_basis", "percent_basis", "rounding", "weights", "spill")
"""What of an offer says how much it takes; to whom and when does not."""
MOMENT = "2026-01-01T00:00:00Z"
KEPT = 2000


def most(offer: Offer, have: Goods) -> dict[str, int | None]:
    """By the kind of budget it draws on, what all its uses come to at most, in minor units; None without end.

    Coupons serve as often as there are (each that pays in parts gives its face value, however often it is used), a
    promotion as often as its pieces or first buyers; each piece takes no more than one of the dearest goods would.
    """
    data, terms = releasable(offer), offer.draft.get("terms") or {}
    how = _how(data)
    one = terms.get("face_value") or balance(data) or _one_use(how)
    pieces = terms.get("stock" if offer.kind == "coupon" else "units")
    uses = [each for each in (pieces, first_buyers(offer)) if each is not None]
    found = [one * each for each in uses if one is not None]
    if offer.kind != "coupon" and pieces is not None:
        dearest = max((have.prices[sku] for sku in have.within(data.get("scope") or {})), default=0)
        each = _each_piece(how, dearest) if dearest else None
        found += [] if each is None else [each * pieces]
    gives, worth = _gifts(how)
    gifts = {GIFTS: None if pieces is None else pieces * worth} if worth else {}
    return gifts if gives and one == 0 else {DISCOUNT: min(found, default=None), **gifts}


def payers(offer: Offer) -> Mapping[str, int]:
    """Who pays for an offer, each with its basis points; `merchant` is whoever's goods they are."""
    data = releasable(offer)
    told = {name: data[name] for name in (*HOW, "payers", "owner") if name in data}
    return dict(_offer(told).payers)


def gives_unvalued(offer: Offer) -> bool:
    """Whether it gives goods whose worth nobody stated: no budget is drawn on for them, and no figure says their cost."""
    return _gifts(_how(releasable(offer))) == (True, 0)


def _how(data: Mapping[str, Any]) -> str:
    return canonical({name: data[name] for name in HOW if name in data}).decode()


@lru_cache(KEPT)
def _one_use(how: str) -> int | None:
    """The most of one use; None where more of the goods takes more, and where none of these goods was meant."""
    found = {_taken(how, p * FAR[0], q * FAR[1]) for p in (1, 2) for q in (1, 2)}
    return found.pop() if len(found) == 1 and (found != {0} or _gifts(how)[0]) else None


@lru_cache(KEPT)
def _each_piece(how: str, unit: int) -> int | None:
    """What one piece of a price takes, where a second takes no more than that; None where a single piece takes nothing."""
    one, two = (_taken(how, unit, quantity) for quantity in (1, 2))
    return one if one and two <= 2 * one else None


@lru_cache(KEPT)
def _gifts(how: str) -> tuple[bool, int]:
    """Whether it gives goods, and what one of them is worth."""
    found = _offer(json.loads(how))
    return bool(found.gives), int(found.benefit.worth())


def _taken(how: str, unit: int, quantity: int) -> int:
    """What it takes off a basket of one kind of goods, and sending that costs as much."""
    data = json.loads(how)
    coupon = {"wallet": [{"id": "c", "offer": "x"}], "chosen": ["c"]} if data.get("kind") == "coupon" else {}
    line = {"id": "1", "sku": "any", "quantity": quantity, "unit_price": unit}
    cart = {"currency": "CNY", "moment": MOMENT, "lines": [line], "shipping": unit, **coupon}
    quote: Any = price(_book(data), read_facts(cart), explain="none").to_data()
    return sum(int(each["amount"]) for each in quote["offers"])


def _offer(data: Mapping[str, Any]) -> Any:
    return _book(data).offers[0]


def _book(data: Mapping[str, Any]) -> Any:
    whole = {**data, "code": "x", "name": {"en": "x", "zh": "x"}, "scope": {"all": True}}
    return read_book({"festoon": 1, "currency": "CNY", "zone": "UTC", "offers": [whole]})
