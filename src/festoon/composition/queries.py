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
from festoon.records.parts import in_parts
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.review.models import Review

OFFER_KINDS = ("promotion", "coupon")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a campaign is by itself, as far as the viewer sees it: without its offers, of which there may be thousands."""

    campaign: Campaign
    goals: Sequence[Goal]
    budget: Sequence[BudgetLine]
    distributions: Sequence[Distribution]


@dataclass(frozen=True, slots=True)
class Overview(Outline):
    """What a campaign consists of, as far as the viewer sees it, and what of it waits for a decision."""

    offers: Sequence[Offer]
    exclusions: Sequence[Exclusion]
    waiting: Sequence[Review]


def outline(viewer: Viewer, campaign: Campaign) -> Outline:
    """The campaign without its offers; NotFound when the viewer does not see it."""
    found = campaigns.campaign(viewer, campaign.code)
    return Outline(
        campaign=found,
        goals=list(campaigns.goals(viewer, found)),
        budget=list(campaigns.budget(viewer, found)),
        distributions=list(distributions.of_campaigns(viewer, [found.pk])),
    )


def overview(viewer: Viewer, campaign: Campaign) -> Overview:
    """The campaign and its parts; NotFound when the viewer does not see it."""
    whole = outline(viewer, campaign)
    found, spread = whole.campaign, whole.distributions
    parts = list(offers.visible(viewer).select_related("merchant", "campaign").filter(campaign=found))
    between = offers.exclusions(viewer).filter(first__in=parts) | offers.exclusions(viewer).filter(second__in=parts)
    return Overview(
        campaign=found,
        goals=whole.goals,
        budget=whole.budget,
        offers=parts,
        distributions=spread,
        exclusions=list(between.distinct()),
        waiting=[review for review in reviews_of(viewer, found, parts, spread) if review.state == "open"],
    )


def kept_templates(viewer: Viewer) -> QuerySet[KeptTemplate]:
    """The templates that the viewer's own house keeps, by their names; nobody else's, for the platform neither."""
    viewer.require("campaigns.read")
    return KeptTemplate.objects.filter(merchant_id=viewer.merchant_id).order_by("name_en", "code")


def waiting_for(viewer: Viewer, campaign: Campaign, now: datetime) -> list[Review]:
    """What of the campaign waits for this person: at a level of its role or of whom it stands in for, not its own.

    It begins with what waits for the person at all: of a campaign of thousands of offers nothing else is read.
    """
    rows = reviews.visible(viewer).order_by("id").defer(*reviews.WIDE)
    asked = list(rows.filter(reviews.waits(viewer, now).where))
    written = _written(viewer, campaign, asked) if asked else {}
    return [
        review
        for review in asked
        if viewer.name not in written.get((review.subject_kind, review.subject), {viewer.name})
    ]


def _written(viewer: Viewer, campaign: Campaign, asked: Sequence[Review]) -> dict[tuple[str, str], set[str]]:
    """Who wrote, of a campaign and its parts, what these reviews are about: by kind and code."""
    codes = sorted({review.subject for review in asked if review.subject_kind in OFFER_KINDS})
    seen = offers.visible(viewer).filter(campaign=campaign).only("kind", "code", "author", "state", "edited_at")
    parts = [offer for part in in_parts(codes) for offer in seen.filter(code__in=part)]
    hands = offers.last_hands(viewer, [offer for offer in parts if offer.state == "in_review"])
    spread = distributions.of_campaigns(viewer, [campaign.pk])
    return {
        ("campaign", campaign.code): {campaign.author},
        **{(offer.kind, offer.code): {offer.author, hands.get(offer.code, offer.author)} for offer in parts},
        **{("distribution", each.code): {each.author} for each in spread},
    }


def reviews_of(
    viewer: Viewer, campaign: Campaign, parts: Sequence[Offer], spread: Sequence[Distribution]
) -> list[Review]:
    """The last review of the campaign and of each of these parts that the viewer sees, the campaign's first."""
    found = dict(reviews.latest_of(viewer, "campaign", [campaign.code]))
    made = list(found.values())
    for kind in OFFER_KINDS:
        made += reviews.latest_of(viewer, kind, [offer.code for offer in parts if offer.kind == kind]).values()
    return made + list(reviews.latest_of(viewer, "distribution", [each.code for each in spread]).values())
