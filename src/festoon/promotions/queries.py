"""Reading what is only a promotion's. Each function takes the viewer first."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.promotions.models import Promotion
from festoon.records.parts import in_parts
from festoon.records.viewer import Viewer


def visible(viewer: Viewer) -> QuerySet[Promotion]:
    """The promotions of the offers the viewer sees."""
    rows = Promotion.objects.select_related("offer__merchant", "offer__campaign", "units").order_by("offer__code")
    return rows if viewer.is_platform else rows.filter(offer__in=offers.visible(viewer))


def rows(viewer: Viewer, wanted: Sequence[Offer]) -> list[Promotion]:
    """The rows of these offers, each with the very offer that was given."""
    given = {offer.pk: offer for offer in wanted}
    numbers = list(given)
    found = [row for part in in_parts(numbers) for row in visible(viewer).filter(offer_id__in=part)]
    for row in found:
        row.offer = given[row.offer_id]
    return found


def limits(viewer: Viewer) -> dict[str, int]:
    """How many orders of one shopper an offer may serve, by its code; offers without such a limit are left out."""
    rows = visible(viewer).filter(per_shopper__isnull=False).values_list("offer__code", "per_shopper")
    return {code: most for code, most in rows if most is not None}
