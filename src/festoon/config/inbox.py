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
from festoon.promotions import actions as promotions
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


class Verb(Protocol):
    """Approve or send back one subject, as it is in the review that was read."""

    def __call__(self, subject: Any, /, *, by: Viewer, now: datetime, comment: str, read: Collection[int]) -> Any:
        """Do it; a Refusal says why not."""


@dataclass(frozen=True, slots=True)
class Verbs:
    """How a kind's subject is found by its code, and the two verbs on it."""

    find: Callable[[Viewer, str], Any]
    approve: Verb
    send_back: Verb


def _exclusion(viewer: Viewer, code: str) -> Any:
    found = offers.exclusions(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("exclusion")
    return found


def _approve_exclusion(subject: Any, /, *, by: Viewer, now: datetime, comment: str, read: Collection[int]) -> Any:
    return exclusions.decide(subject, "approve", by=by, now=now, comment=comment, read=read)


def _send_back_exclusion(subject: Any, /, *, by: Viewer, now: datetime, comment: str, read: Collection[int]) -> Any:
    return exclusions.decide(subject, "send_back", by=by, now=now, comment=comment, read=read)


VERBS: Mapping[str, Verbs] = {
    "promotion": Verbs(offers.offer, promotions.approve, promotions.send_back),
    "coupon": Verbs(offers.offer, coupons.approve, coupons.send_back),
    "campaign": Verbs(campaigns.campaign, themes.approve, themes.send_back),
    "distribution": Verbs(distribution.distribution, distributions.approve, distributions.send_back),
    "exclusion": Verbs(_exclusion, _approve_exclusion, _send_back_exclusion),
}
