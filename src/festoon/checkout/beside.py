"""The part of the live book that a cart meets, as data, so that a draft can be priced beside it at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from festoon.checkout import book
from festoon.checkout.facts.cart import read
from festoon.offers.book import book_data

_read: dict[str, tuple[int, Mapping[str, Any]]] = {}
"""The data of the book of each currency, by the number it was read at."""


def beside(cart: Mapping[str, Any], currency: str, *, without: str, now: datetime) -> dict[str, Any]:
    """The live offers that the cart meets, but for the one called `without`, with their exclusions and distributions."""
    loaded = book.current(now, currency)
    met = {loaded.book.offers[rank].code for rank in loaded.book.meet(read(cart))} - {without}
    return part(_data(currency, loaded.number), met)


def part(data: Mapping[str, Any], codes: set[str]) -> dict[str, Any]:
    """The book with only these offers, and what is only about them."""
    offers = [each for each in data["offers"] if each["code"] in codes]
    campaigns = {each.get("campaign") for each in offers}
    spread = []
    for each in data["distributions"]:
        named = [code for code in each.get("offers") or () if code in codes]
        if named or (not each.get("offers") and each.get("campaign") in campaigns):
            spread.append({**each, "offers": named})
    exclusions = [each for each in data["exclusions"] if codes >= set(each["between"])]
    return {**data, "offers": offers, "distributions": spread, "exclusions": exclusions}


def _data(currency: str, number: int) -> Mapping[str, Any]:
    found = _read.get(currency)
    if found is None or found[0] != number:
        found = _read[currency] = (number, book_data(currency))
    return found[1]
