"""A flash sale's figures, each from its own source, so that they can be held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.console import queries
from festoon.console.given import Given, given_of
from festoon.coupons import queries as coupons
from festoon.demo.town.switch import Flash
from festoon.distribution import refusals
from festoon.offers.guards import stopped
from festoon.records.viewer import Viewer

TOLD = {
    refusal.code: refusal.words
    for refusal in (
        refusals.sold_out(), refusals.limit_reached(), refusals.not_open(), refusals.not_for_you(),
        refusals.not_for_channel(), stopped(),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sale:
    """What the rush was told, what the ledger spent, what rows there are."""

    offer: Any
    flash: Flash
    opened: bool
    ledger: Given | None
    rows: int
    reasons: Sequence[tuple[Words, int, int]]

    @property
    def told(self) -> int:
        """How many were told why not."""
        return sum(self.flash.refused.values())

    @property
    def balanced(self) -> bool:
        """Whether answers, ledger and rows say the same, and not one unit too many."""
        spent = self.ledger.gone if self.ledger else -1
        return self.flash.granted == spent == self.rows <= self.flash.units


def sale(viewer: Viewer, found: Flash, *, now: datetime) -> Sale | None:
    """The flash sale as it stands; None while its offer is not there."""
    offer = queries.offers_shown(viewer, now=now).filter(code=found.offer).first()
    if offer is None:
        return None
    reasons = sorted(found.refused.items(), key=lambda each: -each[1])
    most = max(found.refused.values(), default=1)
    return Sale(
        offer=offer,
        flash=found,
        opened=now >= found.opens_at,
        ledger=given_of(offer),
        rows=coupons.visible(viewer).filter(template__offer=offer).count(),
        reasons=[(TOLD.get(code, Words(code, code)), count, count * 100 // most) for code, count in reasons],
    )


def limited(viewer: Viewer, *, now: datetime) -> Sequence[tuple[Any, Given]]:
    """The live promotions with a limited number of units, and how many are gone."""
    rows = queries.offers_shown(viewer, now=now).filter(shown="live", promotion__units__isnull=False)
    return [(offer, given) for offer in rows[:20] if (given := given_of(offer))]
