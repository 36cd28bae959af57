"""Reading campaigns. A merchant sees its own and the platform's: those it may take part in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from festoon.campaigns.models import BudgetLine, Campaign, Goal
from festoon.records.refusal import NotFound
from festoon.records.viewer import PLATFORM, Viewer

APPROVED = "approved"


def visible(viewer: Viewer) -> QuerySet[Campaign]:
    """The campaigns the viewer sees, the latest first."""
    rows = Campaign.objects.select_related("merchant").order_by("-starts_at", "code")
    return rows if viewer.is_platform else rows.filter(merchant_id__in=(viewer.merchant_id, PLATFORM))


def own(viewer: Viewer) -> QuerySet[Campaign]:
    """The campaigns the viewer may change: its merchant's; all for the platform."""
    rows = visible(viewer)
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def campaign(viewer: Viewer, code: str, *, lock: bool = False) -> Campaign:
    """One campaign by code; locked (and only if the viewer may change it) when asked for. NotFound else."""
    rows = own(viewer).select_for_update(of=("self",)) if lock else visible(viewer)
    found = rows.filter(code=code).first()
    if found is None:
        raise NotFound("campaign")
    return found


def by_code(viewer: Viewer, codes: Iterable[str]) -> dict[str, Campaign]:
    """Of the codes, the campaigns the viewer sees."""
    return {campaign.code: campaign for campaign in visible(viewer).filter(code__in=list(codes))}


def unapproved(viewer: Viewer) -> set[str]:
    """The codes of the campaigns that nobody has agreed to: what is released in them waits."""
    return set(visible(viewer).order_by().exclude(state=APPROVED).values_list("code", flat=True))


def agreed(viewer: Viewer) -> int:
    """How many campaigns are agreed to; it only grows, for what is approved stays so."""
    return visible(viewer).order_by().filter(state=APPROVED).count()


def goals(viewer: Viewer, campaign: Campaign) -> QuerySet[Goal]:
    """The targets of one campaign."""
    return Goal.objects.filter(campaign__in=visible(viewer).filter(pk=campaign.pk)).order_by("id")


def budget(viewer: Viewer, campaign: Campaign) -> QuerySet[BudgetLine]:
    """The budget lines of one campaign with their accounts; a merchant sees those it pays itself."""
    rows = BudgetLine.objects.filter(campaign__in=visible(viewer).filter(pk=campaign.pk)).order_by("id")
    rows = rows.select_related("account")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def content(viewer: Viewer, campaign: Campaign) -> dict[str, Any]:
    """What is agreed on: the campaign's dates, words, goals and budget, as data."""
    return {
        "code": campaign.code,
        "name": {"en": campaign.name_en, "zh": campaign.name_zh},
        "reason": {"en": campaign.reason_en, "zh": campaign.reason_zh},
        "starts_at": campaign.starts_at.isoformat(),
        "ends_at": campaign.ends_at.isoformat(),
        "zone": campaign.zone,
        "goals": list(goals(viewer, campaign).values("metric", "channel", "product", "target")),
        "budget": [
            {"kind": line.kind, "payer": line.payer, "amount": line.account.granted}
            for line in budget(viewer, campaign)
        ],
    }
