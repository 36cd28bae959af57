"""The most a campaign can cost: what its budgets hold for certain, and beyond them what its offers can give by themselves.

A budget in the campaign limits every offer that draws on it, and with it the parts of those who pay beside it: when it is
empty the offer is not given any more. So an offer is without end only where neither its stock, nor what it may cost (in all, or
on each day of its window), nor a
budget of any of its payers ends it. True to the rounding of a minor unit an order; what is redeemed late is honoured beyond
a budget, unless its offer refuses that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.money import WHOLE
from festoon.catalog.goods import Goods
from festoon.offers.giving import Giving, givings
from festoon.offers.models import Offer
from festoon.offers.most import gives_unvalued, most_of, payers

PLACEMENT = "placement"
Purse = tuple[str, str]
"""A kind of budget and who pays."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one payer may have to pay of one kind: None is without end. `budget`: what is set aside for it, if anything."""

    kind: str
    payer: str
    most: int | None
    budget: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """The most a campaign can cost, in minor units; `endless` are the offers for which there is no most.

    `unvalued` give goods of no stated worth, which are in no figure here.
    """

    parts: Sequence[Part]
    endless: Sequence[Offer]
    unvalued: Sequence[Offer]

    @property
    def total(self) -> int | None:
        """All parts together; None without end."""
        known = [part.most for part in self.parts if part.most is not None]
        return sum(known) if len(known) == len(self.parts) else None


def cost(offers: Sequence[Offer], budget: Sequence[Mapping[str, Any]], have: Goods) -> Cost:
    """What these offers and budget lines (kind, payer, amount) come to at most.

    Of an offer that is out and worked on, each payer has the larger of what the release and the draft come to.
    """
    purses = {(line["kind"], line["payer"]): int(line["amount"]) for line in budget}
    asked: dict[Purse, int | None] = {}
    endless, giving = [], givings(offers)
    for offer in offers:
        drawn: dict[Purse, int | None] = {}
        for each in giving[offer.code]:
            for purse, amount in _drawn(each, purses, have):
                before = drawn.get(purse, 0)
                drawn[purse] = None if before is None or amount is None else max(before, amount)
        for purse, amount in drawn.items():
            before = asked.get(purse, 0)
            asked[purse] = None if before is None or amount is None else before + amount
        if None in drawn.values():
            endless.append(offer)
    kept = [Part(kind, payer, held, held) for (kind, payer), held in purses.items() if kind == PLACEMENT]
    drawn_on = sorted(
        {**purses, **asked}, key=lambda purse: purse[0]
    )  # of a kind together, else as they were set aside
    parts = [_part(purse, asked.get(purse, 0), purses) for purse in drawn_on if purse[0] != PLACEMENT]
    unvalued = [offer for offer in offers if any(gives_unvalued(each.data) for each in giving[offer.code])]
    return Cost([*parts, *kept], endless, unvalued)


def _part(purse: Purse, asked: int | None, purses: Mapping[Purse, int]) -> Part:
    held = purses.get(purse)
    return Part(*purse, asked if held is None else held if asked is None else min(asked, held), held)


def _drawn(giving: Giving, purses: Mapping[Purse, int], have: Goods) -> Iterator[tuple[Purse, int | None]]:
    """What each payer may have to pay for an offer, of each kind of budget it draws on."""
    paying = {payer: weight for payer, weight in payers(giving.data).items() if weight}
    for kind, own in most_of(giving, have).items():
        ends = [purses[kind, payer] * WHOLE // weight for payer, weight in paying.items() if (kind, payer) in purses]
        whole = min([*ends, *([] if own is None else [own])], default=None)
        for payer, weight in paying.items():
            yield (kind, payer), None if whole is None else -(-whole * weight // WHOLE)
