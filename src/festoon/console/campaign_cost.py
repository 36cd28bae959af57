"""The most a campaign can cost, for its page and for the review of it: who decides on the whole reads it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from festoon.campaigns import next_version
from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.catalog.goods import goods
from festoon.composition.cost import Cost, cost
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.records.viewer import Viewer
from festoon.review import machine
from festoon.review.models import Review

AT_ONCE = 500
"""Of a campaign with more offers it is worked out when somebody asks."""


def of(viewer: Viewer, campaign: Campaign, held: int, *, asked: bool, now: datetime) -> Mapping[str, Any]:
    """For the owner of the campaign and the platform, as it is worked on now; nothing once it is archived.

    Of a campaign that `held` so many offers it is worked out when it is `asked` for: each of them is priced for it.
    """
    own = viewer.is_platform or campaign.merchant_id == viewer.merchant_id
    if not own or campaign.state == machine.ARCHIVED:
        return {}
    if held > AT_ONCE and not asked:
        return {"most_later": held}
    return {"most": cost(_offers(viewer, campaign), next_version.budget(viewer, campaign), goods(now))}


def asked(viewer: Viewer, review: Review) -> Cost | None:
    """With the budget that is asked for in this review, and the campaign's offers as they are now."""
    if review.subject_kind != "campaign":
        return None
    found = campaigns.own(viewer).filter(code=review.subject).first()
    if found is None:
        return None
    return cost(_offers(viewer, found), review.content["budget"], goods(timezone.now()))


def _offers(viewer: Viewer, campaign: Campaign) -> Sequence[Offer]:
    return list(offers.visible(viewer).select_related("merchant", "campaign").filter(campaign=campaign))
