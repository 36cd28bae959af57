"""Reading distributions. Each function takes the viewer first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from festoon.catalog.models import PLATFORM
from festoon.distribution.models import Distribution
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


def visible(viewer: Viewer) -> QuerySet[Distribution]:
    """The distributions behind the viewer's wall: of others, a merchant sees only the platform's that are out."""
    rows = Distribution.objects.select_related("campaign", "merchant").order_by("code")
    if viewer.is_platform:
        return rows
    return rows.filter(Q(merchant_id=viewer.merchant_id) | Q(merchant_id=PLATFORM, state="released"))


def own(viewer: Viewer) -> QuerySet[Distribution]:
    """The distributions the viewer may change: its merchant's; all for the platform."""
    rows = visible(viewer)
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def distribution(viewer: Viewer, code: str) -> Distribution:
    """One distribution the viewer sees; NotFound else."""
    found = visible(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("distribution")
    return found


def locked(viewer: Viewer, codes: Iterable[str]) -> list[Distribution]:
    """The viewer's own distributions of these codes, locked until the end of the transaction."""
    return list(own(viewer).select_for_update(of=("self",)).filter(code__in=list(codes)))


def of_campaigns(viewer: Viewer, campaigns: Sequence[int]) -> QuerySet[Distribution]:
    """The distributions of these campaigns that the viewer sees."""
    return visible(viewer).filter(campaign_id__in=campaigns)
