"""What is only a coupon's: the template's stock and validity, and the coupons shoppers hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from festoon.catalog.models import Merchant, Shopper
from festoon.ledger.models import Account
from festoon.offers.models import Offer


class Template(models.Model):
    """How coupons of one offer are given: stock, how many a shopper may have, how long they last.

    Beside `per_shopper`, which is for good: `period_most` in each day, week or month (`period_each`) by the calendar of
    `period_zone`, and `per_device`; `limits_since` is when these last changed. `recalls`: how often it was recalled. What
    was given before the recall of the number `void_before`, the last that made void what was out, serves no order any more,
    also when one gives it back.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="template")
    stock = models.ForeignKey(Account, on_delete=models.PROTECT)
    per_shopper = models.IntegerField(default=1)
    period_most = models.IntegerField(null=True)
    period_each = models.CharField(max_length=8, default="")
    period_zone = models.CharField(max_length=64, default="")
    per_device = models.IntegerField(null=True)
    limits_since = models.DateTimeField(null=True)
    days_from_claim = models.IntegerField(null=True)
    claimable = models.BooleanField(default=True)
    face_value = models.BigIntegerField(null=True)
    opens_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    recalls = models.IntegerField(default=0)
    void_before = models.IntegerField(default=0)


class Coupon(models.Model):
    """One coupon in one shopper's hands. States: claimed, held, redeemed, void; expiry is a date, not a state.

    `balance` is what is left of one that pays in parts, in minor units: null until it first paid. A claim writes every
    index here, so there is none that another begins with: templates are found by `coupon_nth`, shoppers by
    `coupon_wallet`. That `merchant` is its offer's is held by the audit, not by a key that each claim looks up.
    `recalls`: how often its template had been recalled when it was given, so no clock says which recall it was out at;
    null once it was made void by hand: no recall has to do with it.
    """

    id = models.CharField(max_length=32, primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="coupons", db_index=False)
    shopper = models.ForeignKey(Shopper, on_delete=models.PROTECT, related_name="coupons", db_index=False)
    n = models.IntegerField()
    code = models.CharField(max_length=32, null=True)
    state = models.CharField(max_length=16, default="claimed")
    origin = models.CharField(max_length=16)
    distribution = models.CharField(max_length=96, default="")
    channel = models.CharField(max_length=32, default="")
    scene = models.CharField(max_length=32, default="")
    store = models.CharField(max_length=64, default="")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    balance = models.BigIntegerField(null=True)
    recalls = models.IntegerField(null=True, db_default=0)
    key_owner = models.BigIntegerField()
    key = models.CharField(max_length=255, null=True)
    body = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="coupon_code"),
            models.UniqueConstraint(fields=["template", "shopper", "n"], name="coupon_nth"),
            models.UniqueConstraint(fields=["key_owner", "key"], condition=Q(key__isnull=False), name="coupon_key"),
            models.CheckConstraint(condition=Q(balance=None) | Q(balance__gte=0), name="coupon_balance"),
        ]
        indexes = [models.Index(fields=["shopper", "state"], name="coupon_wallet")]


class DeviceClaim(models.Model):
    """On which device a coupon was claimed, where its template is limited by that: `device` is a sealed hash of its text,
    another for each template, and `n` its number among the template's on this device.
    """

    coupon = models.OneToOneField(Coupon, on_delete=models.PROTECT, primary_key=True, related_name="device_claim")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="+", db_index=False)
    device = models.CharField(max_length=64)
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "device", "n"], name="device_nth")]


class GivenFor(models.Model):
    """Who claimed a coupon on its shopper's behalf, and why: written in the claim's own commit."""

    coupon = models.OneToOneField(Coupon, on_delete=models.PROTECT, primary_key=True, related_name="given_for")
    by = models.CharField(max_length=128)
    why = models.CharField(max_length=500)


class Session(models.Model):
    """A window of a template with a stock of its own, `[starts_at, ends_at)`; `dropped` when a later release leaves it out."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    stock = models.OneToOneField(Account, on_delete=models.PROTECT)
    dropped = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "starts_at"], name="session_start")]


class Issue(models.Model):
    """One order to give a coupon to many: to whom is written down in parts before the first gets one."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="issues")
    job = models.BigIntegerField(null=True)
    audience = models.JSONField()
    distribution = models.CharField(max_length=96, default="")
    each = models.IntegerField()
    ordered = models.BigIntegerField(default=0)
    given = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    by = models.CharField(max_length=128)
    key_owner = models.BigIntegerField()
    created_at = models.DateTimeField()


class IssuePart(models.Model):
    """Some thousands of an issue's recipients, packed: `named` as a list named them, `shoppers` once they are known."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="parts")
    number = models.IntegerField()
    named = models.BinaryField(null=True)
    shoppers = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="issue_part")]


class IssueRefusal(models.Model):
    """Somebody an issue did not give to: `row` is the place among all its recipients, from 0."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="refusals")
    row = models.BigIntegerField()
    shopper = models.CharField(max_length=96)
    reason = models.CharField(max_length=32)


class PoolCode(models.Model):
    """A code of a template that waits for who takes it: made here for a flyer, or brought by a third party."""

    code = models.CharField(max_length=32, unique=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="pool")
    batch = models.CharField(max_length=64)
    coupon = models.OneToOneField(Coupon, on_delete=models.PROTECT, null=True, related_name="pool_code")

    class Meta:
        indexes = [
            models.Index(fields=["template", "id"], condition=Q(coupon=None), name="pool_free"),
        ]


class WrongTry(models.Model):
    """A code that was tried and led nowhere; `of` is who or what tried: a shopper, an address, an API key."""

    of = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of", "at"], name="wrong_try")]
