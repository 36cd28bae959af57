"""The gifts of a price, and what they draw on: the stock of their offer, and the gift budgets of those who pay for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from festoon.checkout.facts.availability import gift_budget_of
from festoon.checkout.held import Gift
from festoon.checkout.pricing import Priced
from festoon.engine.offer import Offer
from festoon.engine.shares import named
from festoon.ledger import accounts


def given(found: Priced) -> tuple[Gift, ...]:
    """The gifts, each with what all of them together take from each account that is there."""
    book, there = found.loaded.book, found.left.accounts
    gifts = []
    for each in found.data["gifts"]:
        offer = book.offers[book.ranks[each["offer"]]]
        draws = {code: amount for code, amount in _draws(offer, each, found) if amount and code in there}
        if each["quantity"]:
            gifts.append(Gift(offer.code, each["sku"], each["quantity"], draws))
    return tuple(gifts)


def drawn(gifts: Sequence[Gift]) -> dict[str, int]:
    """What all gifts take from each account."""
    sums: dict[str, int] = {}
    for gift in gifts:
        for code, amount in gift.draws.items():
            sums[code] = sums.get(code, 0) + amount
    return sums


def _draws(offer: Offer, gift: dict[str, object], found: Priced) -> Iterator[tuple[str, int]]:
    """The pieces from the stock; the value from each payer by its weight rounded down, the rest from the last.

    What is given instead is plenty and takes nothing.
    """
    if not offer.benefit.own(str(gift["sku"])):
        return
    yield accounts.units(offer.code), int(str(gift["quantity"]))
    value = rest = int(str(gift["value"]))
    for place, (payer, weight) in enumerate(offer.payers if offer.campaign else ()):
        part = rest if place + 1 == len(offer.payers) else value * weight // 10_000
        rest -= part
        yield gift_budget_of(offer, named(payer, found.cart.get("merchant", ""))), part
