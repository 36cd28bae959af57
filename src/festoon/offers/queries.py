"""Reading offers, their releases and what is in the book. Each function takes the viewer first."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from festoon.catalog.models import PLATFORM
from festoon.offers.models import BookVersion, Live, Offer, Release, Stop
from festoon.records.viewer import Viewer


def visible(viewer: Viewer) -> QuerySet[Offer]:
    """The offers behind the viewer's wall: of others, a merchant sees only the platform's."""
    rows = Offer.objects.order_by("code")
    return rows if viewer.is_platform else rows.filter(Q(merchant_id=viewer.merchant_id) | Q(merchant_id=PLATFORM))


def book_number(viewer: Viewer) -> int:
    """The number that moves with every release, recall and stop; 0 before the first. Everybody's."""
    viewer.require("quotes.write")
    return BookVersion.objects.values_list("number", flat=True).order_by("id").first() or 0


def live_releases(viewer: Viewer, kind: str) -> QuerySet[Release]:
    """The releases of one kind (`offer`, `distribution`, `exclusion`) that are in the book now."""
    rows = Release.objects.filter(kind=kind, live__isnull=False).order_by("code")
    if viewer.is_platform:
        return rows
    return rows.filter(Q(merchant_id=viewer.merchant_id) | Q(merchant_id=PLATFORM))


def stops(viewer: Viewer) -> QuerySet[Stop]:
    """The stops that are in force; they bind everybody, so everybody sees them."""
    viewer.require("quotes.write")
    return Stop.objects.filter(lifted_at=None).order_by("id")


def releases(viewer: Viewer) -> QuerySet[Release]:
    """Every release that ever was, behind the viewer's wall."""
    rows = Release.objects.order_by("kind", "code", "version")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def live(viewer: Viewer) -> QuerySet[Live]:
    """What is in the book now."""
    rows = Live.objects.select_related("release").order_by("kind", "code")
    return rows if viewer.is_platform else rows.filter(release__merchant_id=viewer.merchant_id)
