"""Holds, redemptions, refunds and orders: what was promised, used, given back and sold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from festoon.catalog.models import Merchant, Shopper
from festoon.coupons.models import Coupon


class Hold(models.Model):
    """A quote made binding until it ends: the only door to the ledger. Keeps the token it was made from."""

    id = models.CharField(max_length=32, primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    shopper = models.ForeignKey(Shopper, on_delete=models.PROTECT, null=True)
    quote = models.CharField(max_length=64)
    book = models.CharField(max_length=64)
    token = models.BinaryField()
    priced = models.BinaryField()
    payable = models.BigIntegerField()
    plan = models.JSONField()
    state = models.CharField(max_length=16, default="held")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    key_owner = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_owner", "key"], name="hold_key")]
        indexes = [models.Index(fields=["state", "expires_at"], name="hold_expiry")]


class CouponUse(models.Model):
    """A coupon tied to one hold: at most one live use of a coupon at any time, over all channels."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="uses")
    taken = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coupon"], condition=Q(live=True), name="coupon_used_once"),
            models.UniqueConstraint(fields=["coupon", "hold"], name="coupon_once_a_hold"),
        ]


class Redemption(models.Model):
    """The hold, posted: once, over all channels."""

    id = models.CharField(max_length=32, primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="redemption")
    at = models.DateTimeField()
    order = models.CharField(max_length=96, default="")
    channel = models.CharField(max_length=32)
    scene = models.CharField(max_length=32, default="")
    store = models.CharField(max_length=64, default="")
    by = models.CharField(max_length=128)
    late = models.BooleanField(default=False)
    refunded = models.BigIntegerField(default=0)
    paid = models.BigIntegerField()
    key_owner = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_owner", "key"], name="redemption_key"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=models.F("paid")), name="refund_within_paid"
            ),
        ]


class Refund(models.Model):
    """Units given back, with the shares that went back to their payers."""

    id = models.CharField(max_length=32, primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="refunds")
    at = models.DateTimeField()
    by = models.CharField(max_length=128)
    amount = models.BigIntegerField()
    answer = models.JSONField()
    key_owner = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_owner", "key"], name="refund_key")]


class RefundedUnit(models.Model):
    """One unit of one line, given back: never twice."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="units")
    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT)
    line = models.CharField(max_length=64)
    unit = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["redemption", "line", "unit"], name="unit_back_once")]


class OutsideRedemption(models.Model):
    """A coupon used where our rules did not price it: marked used, the verdict kept, no money of ours posted."""

    coupon = models.OneToOneField(Coupon, on_delete=models.PROTECT)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    at = models.DateTimeField()
    order = models.CharField(max_length=96, default="")
    reason = models.CharField(max_length=64)
    verdict = models.JSONField(default=dict)
    by = models.CharField(max_length=128)


class Order(models.Model):
    """An order as the shop recorded it; the lines are a frozen fact (compressed JSON)."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    shopper = models.ForeignKey(Shopper, on_delete=models.PROTECT, null=True)
    code = models.CharField(max_length=96)
    placed_at = models.DateTimeField()
    channel = models.CharField(max_length=32, default="")
    store = models.CharField(max_length=64, default="")
    paid = models.BigIntegerField()
    lines = models.BinaryField()
    source = models.CharField(max_length=32, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "code"], name="order_once")]
        indexes = [models.Index(fields=["shopper", "placed_at"], name="order_of_shopper")]
