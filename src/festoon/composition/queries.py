"""A campaign with everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import BudgetLine, Campaign, Goal
from festoon.composition.models import KeptTemplate
from festoon.distribution import queries as distributions
from festoon.distribution.models import Distribution
from festoon.offers import queries as offers
from festoon.offers.models import Exclusion, Offer
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.review.models import Review

OFFER_KINDS = ("promotion", "coupon")


@dataclass(frozen=True, slots=True)
class Overview:
    """What a campaign consists of, as far as the viewer sees it, and what of it waits for a decision."""

    campaign: Campaign
    goals: Sequence[Goal]
    budget: Sequence[BudgetLine]
    offers: Sequence[Offer]
    distributions: Sequence[Distribution]
    exclusions: Sequence[Exclusion]
    waiting: Sequence[Review]


def overview(viewer: Viewer, campaign: Campaign) -> Overview:
    """The campaign and its parts; NotFound when the viewer does not see it."""
    found = campaigns.campaign(viewer, campaign.code)
    parts = list(offers.visible(viewer).select_related("merchant", "campaign").filter(campaign=found))
    spread = list(distributions.of_campaigns(viewer, [found.pk]))
    between = offers.exclusions(viewer).filter(first__in=parts) | offers.exclusions(viewer).filter(second__in=parts)
    return Overview(
        campaign=found,
        goals=list(campaigns.goals(viewer, found)),
        budget=list(campaigns.budget(viewer, found)),
        offers=parts,
        distributions=spread,
        exclusions=list(between.distinct()),
        waiting=[review for review in reviews_of(viewer, found, parts, spread) if review.state == "open"],
    )


def kept_templates(viewer: Viewer) -> QuerySet[KeptTemplate]:
    """The templates that the viewer's own house keeps, by their names; nobody else's, for the platform neither."""
    viewer.require("campaigns.read")
    return KeptTemplate.objects.filter(merchant_id=viewer.merchant_id).order_by("name_en", "code")


def waiting_for(viewer: Viewer, parts: Overview, now: datetime) -> list[Review]:
    """What of the campaign waits for this person: at a level of its role or of whom it stands in for, not its own."""
    others = reviews.stands_for(viewer, now)
    hands = offers.last_hands(viewer, [offer for offer in parts.offers if offer.state == "in_review"])
    written = {("campaign", parts.campaign.code): {parts.campaign.author}}
    written |= {(offer.kind, offer.code): {offer.author, hands.get(offer.code, offer.author)} for offer in parts.offers}
    written |= {("distribution", each.code): {each.author} for each in parts.distributions}
    return [
        review
        for review in parts.waiting
        if reviews.may_decide(viewer, review, others)
        and viewer.name not in written[review.subject_kind, review.subject]
    ]


def reviews_of(
    viewer: Viewer, campaign: Campaign, parts: Sequence[Offer], spread: Sequence[Distribution]
) -> list[Review]:
    """The last review of the campaign and of each of these parts that the viewer sees, the campaign's first."""
    found = dict(reviews.latest_of(viewer, "campaign", [campaign.code]))
    made = list(found.values())
    for kind in OFFER_KINDS:
        made += reviews.latest_of(viewer, kind, [offer.code for offer in parts if offer.kind == kind]).values()
    return made + list(reviews.latest_of(viewer, "distribution", [each.code for each in spread]).values())
