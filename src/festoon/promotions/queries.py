"""Reading what is only a promotion's. Each function takes the viewer first."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from festoon.catalog.models import PLATFORM
from festoon.promotions.models import Promotion
from festoon.records.viewer import Viewer


def visible(viewer: Viewer) -> QuerySet[Promotion]:
    """The promotions behind the viewer's wall: of others, a merchant sees only the platform's."""
    rows = Promotion.objects.select_related("offer", "units").order_by("offer__code")
    if viewer.is_platform:
        return rows
    return rows.filter(Q(offer__merchant_id=viewer.merchant_id) | Q(offer__merchant_id=PLATFORM))


def limits(viewer: Viewer) -> dict[str, int]:
    """How many orders of one shopper an offer may serve, by its code; offers without such a limit are left out."""
    rows = visible(viewer).filter(per_shopper__isnull=False)
    return dict(rows.values_list("offer__code", "per_shopper"))
