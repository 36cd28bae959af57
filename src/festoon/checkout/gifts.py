"""The gifts of a price, and what they draw on: the stock of their offer, and the gift budgets of those who pay for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from festoon.checkout.facts.availability import Less, gift_budget_of
from festoon.checkout.held import Gift
from festoon.engine.offer import Offer
from festoon.engine.shares import named
from festoon.ledger import accounts

if TYPE_CHECKING:
    from festoon.checkout.pricing import Priced


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


def fewer(gifts: Sequence[Gift], code: str, over: int) -> Less:
    """How many the last of them may give, so that all take so much less from an account."""
    less = {}
    for gift in reversed(gifts):
        mine = gift.draws.get(code, 0)
        if mine and over > 0:
            less[gift.offer] = {"units": gift.quantity * max(0, mine - over) // mine}
            over -= mine
    return less


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
