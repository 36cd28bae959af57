"""Reading what offers may cost; each function takes the viewer first."""

from __future__ import annotations

from django.db.models import QuerySet

from festoon.offers.models import Spending
from festoon.records.viewer import Viewer


def spendings(viewer: Viewer) -> QuerySet[Spending]:
    """What offers may cost that are limited in it: the viewer's own."""
    rows = Spending.objects.select_related("offer").order_by("offer__code")
    return rows if viewer.is_platform else rows.filter(offer__merchant_id=viewer.merchant_id)


def limited_in_money(viewer: Viewer) -> QuerySet[Spending]:
    """Those of them that are limited in what they may cost in all: money is watched of these, of others pieces."""
    return spendings(viewer).filter(most__isnull=False)
