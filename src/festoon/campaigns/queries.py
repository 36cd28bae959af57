"""Reading campaigns. A merchant sees its own, and the platform's that were agreed on or that it takes part in."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from festoon.campaigns.models import Archive, BudgetLine, Campaign, Goal
from festoon.records.refusal import NotFound
from festoon.records.viewer import PLATFORM, Viewer

APPROVED, RECALLED, ARCHIVED = "approved", "recalled", "archived"
ENDED = (RECALLED, ARCHIVED)
ONE_OFF, LONG_TERM = "one_off", "long_term"


def visible(viewer: Viewer) -> QuerySet[Campaign]:
    """The campaigns the viewer sees, the latest first."""
    rows = Campaign.objects.select_related("merchant").order_by("-starts_at", "code")
    if viewer.is_platform:
        return rows
    taken_part = Q(pk__in=rows.order_by().filter(offers__merchant_id=viewer.merchant_id).values("pk"))
    return rows.filter(Q(merchant_id=viewer.merchant_id) | Q(merchant_id=PLATFORM) & (Q(in_force=True) | taken_part))


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


def open_to(viewer: Viewer) -> QuerySet[Campaign]:
    """The campaigns the viewer may put an offer into: its own and the platform's, agreed on or not.

    For verbs, never for a list: whoever was told the code of a campaign takes part by it, and sees it from then on.
    """
    rows = Campaign.objects.select_related("merchant").order_by("code")
    return rows if viewer.is_platform else rows.filter(merchant_id__in=(viewer.merchant_id, PLATFORM))


def running(viewer: Viewer) -> QuerySet[Campaign]:
    """The campaigns shoppers may see: agreed on, neither recalled nor archived."""
    return visible(viewer).filter(in_force=True).exclude(state__in=ENDED)


def unapproved(viewer: Viewer) -> set[str]:
    """The codes of the campaigns that are not in force: what is released in them waits."""
    return set(visible(viewer).order_by().filter(in_force=False).values_list("code", flat=True))


def agreed(viewer: Viewer) -> int:
    """How often campaigns were agreed on, all together; it only grows."""
    found: int | None = visible(viewer).order_by().aggregate(versions=Sum("version"))["versions"]
    return found or 0


def over(viewer: Viewer, since: datetime) -> QuerySet[Campaign]:
    """The viewer's own one-off campaigns in force that ended before `since`: time to throw them away, the longest over first."""
    return own(viewer).filter(term=ONE_OFF, in_force=True, ends_at__lte=since).order_by("ends_at", "code")


def archive(viewer: Viewer, campaign: Campaign) -> Archive | None:
    """What was kept of a campaign that was thrown away, for its owner: everybody's offers, drafts, payers and figures."""
    return Archive.objects.filter(campaign__in=own(viewer).filter(pk=campaign.pk)).first()


def goals(viewer: Viewer, campaign: Campaign) -> QuerySet[Goal]:
    """The targets of one campaign."""
    return Goal.objects.filter(campaign__in=visible(viewer).filter(pk=campaign.pk)).order_by("id")


def budget(viewer: Viewer, *several: Campaign) -> QuerySet[BudgetLine]:
    """The budget lines of campaigns with their accounts; a merchant sees those it pays itself."""
    known = visible(viewer).filter(pk__in=[each.pk for each in several])
    rows = BudgetLine.objects.filter(campaign__in=known).order_by("id")
    rows = rows.select_related("account")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)
