"""Reading holds, redemptions, refunds and orders. Each function takes the viewer first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, Q, QuerySet

from festoon.checkout.models import CouponUse, Hold, Order, OutsideRedemption, Redemption, Refund
from festoon.records.refusal import NotFound
from festoon.records.select import select
from festoon.records.viewer import Viewer

_HOLD_BEFORE = "SELECT {h.id} FROM {h} WHERE {h.key_owner} = :key_owner AND {h.key} = :key"
HOLD_BEFORE = select("hold.before", _HOLD_BEFORE, _HOLD_BEFORE, h=Hold)
REDEEMED_BEFORE = select("redemption.before", _HOLD_BEFORE, _HOLD_BEFORE, h=Redemption)
"""Every hold and redemption asks first whether its key was used: nearly always it was not."""


def visible(viewer: Viewer) -> QuerySet[Hold]:
    """The holds behind the viewer's wall, newest first."""
    rows = Hold.objects.order_by("-created_at", "id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def hold(viewer: Viewer, number: str) -> Hold:
    """One hold; NotFound when it is not there or another's."""
    found = visible(viewer).select_related("shopper").filter(id=number).first()
    if found is None:
        raise NotFound("hold")
    return found


def bought(viewer: Viewer, number: str) -> Hold:
    """The hold behind an order's number, or a hold's or redemption's id; NotFound when it is not there or another's."""
    rows = visible(viewer).select_related("shopper", "redemption")
    found = (
        rows.filter(Q(id=number) | Q(redemption__id=number) | Q(redemption__order=number)).first() if number else None
    )
    if found is None:
        raise NotFound("order")
    return found


def hold_of(viewer: Viewer, key: str) -> Hold | None:
    """The hold made with this key of the viewer's merchant."""
    row = HOLD_BEFORE.row({"key_owner": viewer.merchant_id, "key": key})
    return Hold.objects.get(id=row[0]) if row else None


def due(viewer: Viewer, now: datetime) -> QuerySet[Hold]:
    """Open holds past their end, the oldest first."""
    return visible(viewer).filter(state="held", expires_at__lte=now).order_by("expires_at", "id")


def redemptions(viewer: Viewer) -> QuerySet[Redemption]:
    """The redemptions behind the viewer's wall, newest first."""
    rows = Redemption.objects.select_related("hold", "hold__shopper").order_by("-at", "id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def redemption(viewer: Viewer, number: str) -> Redemption:
    """One redemption; NotFound when it is not there or another's."""
    found = redemptions(viewer).filter(id=number).first()
    if found is None:
        raise NotFound("redemption")
    return found


def redemption_of(viewer: Viewer, key: str) -> Redemption | None:
    """The redemption made with this key of the viewer's merchant."""
    row = REDEEMED_BEFORE.row({"key_owner": viewer.merchant_id, "key": key})
    return Redemption.objects.select_related("hold").get(id=row[0]) if row else None


def refunds(viewer: Viewer) -> QuerySet[Refund]:
    """The refunds behind the viewer's wall, newest first."""
    rows = Refund.objects.order_by("-at", "id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def refund_of(viewer: Viewer, key: str) -> Refund | None:
    """The refund made with this key of the viewer's merchant."""
    return Refund.objects.filter(key_owner=viewer.merchant_id, key=key).first()


def in_turn(viewer: Viewer, number: str) -> QuerySet[Refund]:
    """The refunds of a redemption in the order they were written, whatever their moments say."""
    return refunds(viewer).filter(redemption_id=number).annotate(first=Min("units__id")).order_by("first")


def uses(viewer: Viewer) -> QuerySet[CouponUse]:
    """Which coupon was tied to which hold."""
    rows = CouponUse.objects.order_by("id")
    return rows if viewer.is_platform else rows.filter(hold__merchant_id=viewer.merchant_id)


def outside(viewer: Viewer) -> QuerySet[OutsideRedemption]:
    """Coupons used where our rules did not price them."""
    rows = OutsideRedemption.objects.select_related("coupon").order_by("id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def orders(viewer: Viewer) -> QuerySet[Order]:
    """The orders the viewer's shops recorded."""
    rows = Order.objects.order_by("id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)
