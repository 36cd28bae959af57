"""The most a campaign can cost, for its page and for the review of it: who decides on the whole reads it first."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from festoon.campaigns import next_version
from festoon.campaigns import queries as campaigns
from festoon.catalog.goods import goods
from festoon.composition.cost import Cost, cost
from festoon.composition.queries import Overview, overview
from festoon.records.viewer import Viewer
from festoon.review import machine
from festoon.review.models import Review


def of(viewer: Viewer, parts: Overview, *, now: datetime) -> Cost | None:
    """For the owner of the campaign and the platform, as it is worked on now; None once it is archived."""
    own = viewer.is_platform or parts.campaign.merchant_id == viewer.merchant_id
    if not own or parts.campaign.state == machine.ARCHIVED:
        return None
    return cost(parts.offers, next_version.budget(viewer, parts.campaign), goods(now))


def asked(viewer: Viewer, review: Review) -> Cost | None:
    """With the budget that is asked for in this review, and the campaign's offers as they are now."""
    if review.subject_kind != "campaign":
        return None
    found = campaigns.own(viewer).filter(code=review.subject).first()
    if found is None:
        return None
    return cost(overview(viewer, found).offers, review.content["budget"], goods(timezone.now()))
