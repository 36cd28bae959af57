"""What is only a coupon's: the template's stock and validity, and the coupons shoppers hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from festoon.catalog.models import Merchant, Shopper
from festoon.ledger.models import Account
from festoon.offers.models import Offer


class Template(models.Model):
    """How coupons of one offer are given: stock, how many a shopper may have, how long they last."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="template")
    stock = models.ForeignKey(Account, on_delete=models.PROTECT)
    per_shopper = models.IntegerField(default=1)
    days_from_claim = models.IntegerField(null=True)
    claimable = models.BooleanField(default=True)
    face_value = models.BigIntegerField(null=True)
    opens_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)


class Coupon(models.Model):
    """One coupon in one shopper's hands. States: claimed, held, redeemed, void; expiry is a date, not a state."""

    id = models.CharField(max_length=32, primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="coupons")
    shopper = models.ForeignKey(Shopper, on_delete=models.PROTECT, related_name="coupons")
    n = models.IntegerField()
    code = models.CharField(max_length=32, null=True, unique=True)
    state = models.CharField(max_length=16, default="claimed")
    origin = models.CharField(max_length=16)
    distribution = models.CharField(max_length=96, default="")
    channel = models.CharField(max_length=32, default="")
    scene = models.CharField(max_length=32, default="")
    store = models.CharField(max_length=64, default="")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    key_owner = models.BigIntegerField()
    key = models.CharField(max_length=255, null=True)
    body = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "shopper", "n"], name="coupon_nth"),
            models.UniqueConstraint(fields=["key_owner", "key"], condition=Q(key__isnull=False), name="coupon_key"),
        ]
        indexes = [models.Index(fields=["shopper", "state"], name="coupon_wallet")]
