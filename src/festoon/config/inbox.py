"""The inbox's table of verbs by kind of subject: the only place that knows every kind there is to review."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from festoon.campaigns import actions as themes
from festoon.campaigns import queries as campaigns
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.distribution import queries as distribution
from festoon.offers import exclusions
from festoon.offers import queries as offers
from festoon.presets import actions as rules
from festoon.presets import queries as presets
from festoon.promotions import actions as promotions
from festoon.records.viewer import Viewer
from festoon.review.actions import Said


class Verb(Protocol):
    """Decide on one subject, as it is in the review that was read."""

    def __call__(self, subject: Any, said: Said, /, *, by: Viewer, now: datetime, read: Collection[int]) -> Any:
        """Do it; a Refusal says why not."""


@dataclass(frozen=True, slots=True)
class Verbs:
    """How a kind's subject is found by its code, and what decides on it."""

    find: Callable[[Viewer, str], Any]
    decide: Verb


VERBS: Mapping[str, Verbs] = {
    "promotion": Verbs(offers.offer, promotions.decide),
    "coupon": Verbs(offers.offer, coupons.decide),
    "campaign": Verbs(campaigns.campaign, themes.decide),
    "distribution": Verbs(distribution.distribution, distributions.decide),
    "preset": Verbs(presets.preset, rules.decide),
    "exclusion": Verbs(offers.exclusion_of, exclusions.decide),
}
