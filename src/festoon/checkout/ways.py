"""By which distributions a price was given: kept with the hold, asked again by whoever redeems after its end."""

from __future__ import annotations

from collections.abc import Iterator

from festoon.checkout import refusals
from festoon.checkout.held import Held
from festoon.checkout.pricing import Priced
from festoon.engine.gates import kept_out
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM
from festoon.rulebook.facts import read_facts

WAY = "distribution"
"""What is gone where nothing gives an offer out any more."""


def admitted(found: Priced) -> Iterator[tuple[str, list[str]]]:
    """Each applied offer that is given out by distributions, with those that admit this cart."""
    book = found.loaded.book
    applied = [book.offers[book.ranks[each["offer"]]] for each in found.data["offers"]]
    if any(offer.terms for offer in applied):
        facts = read_facts(found.cart)
        for offer in applied:
            if offer.terms:
                yield offer.code, [one.code for one in offer.terms if kept_out(one, facts) is None]


def still_out(held: Held) -> list[str]:
    """One distribution for each offer that was given out by some, still out now; Conflict `expired` where none is."""
    asked = {code for codes in held.ways.values() for code in codes}
    if not asked:
        return []
    rows = offers.live(SYSTEM).order_by().filter(kind=WAY, code__in=asked)
    out = set(rows.values_list("code", flat=True))
    left = [next((code for code in codes if code in out), None) for codes in held.ways.values() if codes]
    if None in left:
        raise refusals.expired(WAY)
    return sorted({code for code in left if code is not None})
