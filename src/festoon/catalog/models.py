"""Merchants and their people, stores and goods; shoppers and the segments they are in."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

PLATFORM = 1


class Merchant(models.Model):
    """A tenant: who owns stores, goods and offers. The platform itself is merchant 1."""

    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)
    source = models.CharField(max_length=32, default="")


class Person(models.Model):
    """Somebody who signs in: a colleague of one merchant, with roles that carry rights.

    By `email`, in small letters, another house that vouches for them finds them; `by_groups`: that house's groups say
    their roles.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="person")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    roles = models.JSONField(default=list)
    store = models.ForeignKey("Store", on_delete=models.PROTECT, null=True)
    email = models.CharField(max_length=254, default="")
    by_groups = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=~models.Q(email=""), name="person_email_once")
        ]


class SecondFactorRule(models.Model):
    """Whoever has this role at this merchant comes in with a second factor only; "" is everybody."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    role = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "role"], name="second_factor_rule_once")]


class UsedCode(models.Model):
    """A code of somebody's phone that was taken: it counts once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    code = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="used_code_once")]


class SignInTry(models.Model):
    """A sign-in that failed; `of` is whose name was tried, or from which address."""

    of = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of", "at"], name="sign_in_try")]


class Store(models.Model):
    """A shop floor of a merchant."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)


class Category(models.Model):
    """A shelf of goods; `path` holds the codes from the root down, separated by slashes."""

    code = models.CharField(max_length=128, unique=True)
    path = models.CharField(max_length=512)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)


class Brand(models.Model):
    """A name on goods."""

    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)


class Product(models.Model):
    """One sku: what it lists at, what it cost, and the two floors below which it is never sold (minor units)."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    sku = models.CharField(max_length=64, unique=True)
    product = models.CharField(max_length=64)
    name_en = models.CharField(max_length=255)
    name_zh = models.CharField(max_length=255)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True)
    tags = models.JSONField(default=list)
    list_price = models.BigIntegerField()
    unit_cost = models.BigIntegerField(null=True)
    tag_floor = models.BigIntegerField(default=0)
    net_floor = models.BigIntegerField(default=0)
    picture = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(list_price__gte=0), name="product_list_price"),
            models.CheckConstraint(condition=models.Q(tag_floor__gte=0, net_floor__gte=0), name="product_floors"),
        ]


class Segment(models.Model):
    """A named group of shoppers."""

    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)


class Shopper(models.Model):
    """Who buys; `source` labels the made-up ones and the imported ones.

    Of the `portrait` offers look at one value: `birthday_month`, 1 to 12.
    """

    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128, default="")
    name_zh = models.CharField(max_length=128, default="")
    level = models.CharField(max_length=32, default="")
    orders_placed = models.BigIntegerField(default=0)
    portrait = models.JSONField(default=dict)
    source = models.CharField(max_length=32, default="")

    class Meta:
        indexes = [models.Index(fields=["level"], name="shopper_level")]


class Membership(models.Model):
    """A shopper is in a segment."""

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shopper", "segment"], name="membership_once")]


class ApiKey(models.Model):
    """A machine that signs in: which merchant, channel and store speaks, and what it may do. Kept only as a hash."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    channel = models.CharField(max_length=32)
    store = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=128)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "name"], condition=models.Q(revoked_at=None), name="api_key_live_name"
            )
        ]


class CatalogVersion(models.Model):
    """One row whose number moves with every change of goods; who keeps the goods in memory compares it.

    It begins anywhere and moves by any step, so that neither a database that was emptied nor a change that was rolled
    back makes it show a number again that a process has seen.
    """

    number = models.BigIntegerField()

    @classmethod
    def bump(cls) -> None:
        """Move the number, in the transaction that changed the goods."""
        CatalogVersion.objects.bulk_create([CatalogVersion(pk=1, number=secrets.randbits(48))], ignore_conflicts=True)
        cls.objects.filter(pk=1).update(number=models.F("number") + 1 + secrets.randbelow(2**16))
