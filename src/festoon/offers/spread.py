"""Which offers distributions name: those they list, or all of a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """What some distributions reach: whole `campaigns`, and single `offers`."""

    campaigns: frozenset[str]
    offers: frozenset[str]

    def holds(self, campaign: str, offer: str) -> bool:
        """Whether one of the distributions names this offer of this campaign."""
        return campaign in self.campaigns or offer in self.offers


def spread(distributions: Iterable[tuple[str, Sequence[str]]]) -> Spread:
    """What distributions reach that are given as (campaign, the offers listed, none for all of them)."""
    given = list(distributions)
    return Spread(
        frozenset(campaign for campaign, listed in given if not listed),
        frozenset(offer for _, listed in given for offer in listed),
    )
