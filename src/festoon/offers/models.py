"""One table for promotions and coupon templates: drafts, releases, exclusions, stops, the book's version."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q

from festoon.campaigns.models import Campaign
from festoon.catalog.models import Merchant
from festoon.ledger.accounts import MONEY
from festoon.offers.sight import LONG


class Offer(models.Model):
    """A promotion or a coupon template while people work on it. What is priced is its release."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="offers")
    code = models.CharField(max_length=96, unique=True)
    kind = models.CharField(max_length=16)
    type = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    state = models.CharField(max_length=16, default="draft")
    draft = models.JSONField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    author = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    source = models.CharField(max_length=32, default="")
    preset = models.CharField(max_length=96, default="", db_index=True)
    out = models.BooleanField(default=False)
    """Whether a release of it is in the book: `Live` beside the offer, so that a list of 100,000 needs no look there."""
    sight = models.CharField(max_length=LONG, default="", editable=False)
    """`walls.sight.sight_of` what is in the book of it, written with `out`; "" when nothing is. A merchant's wall asks for it."""
    called = models.TextField(default="", editable=False)
    """`records.names.Called` of the row, for searches by name: triggers of the database write it, nobody else does."""

    class Meta:
        indexes = [
            # The list walks the first from the latest change on and finds in it all that it filters by.
            models.Index(
                F("edited_at").desc(), F("id").desc(), "out", "state", "kind", "type", "campaign", "merchant",
                "starts_at", "ends_at", "code", "called", "sight", name="offer_latest",
            ),
            # What a search by name looks through first: `id` keeps new names at the end of it.
            models.Index(fields=["id", "called"], name="offer_names"),
            models.Index("merchant", F("edited_at").desc(), F("id").desc(), name="offer_of_merchant"),
            models.Index("campaign", F("edited_at").desc(), F("id").desc(), name="offer_of_campaign"),
            # The counts of the tabs; `out` stands in them too, for SQLite looks at it even so.
            models.Index(
                fields=["ends_at", "starts_at", "campaign", "code", "out"], name="offer_in_book", condition=Q(out=True)
            ),
            models.Index(fields=["state", "out"], name="offer_in_work", condition=Q(out=False)),
        ]  # fmt: skip


class Spending(models.Model):
    """What one offer may cost, in minor units, whoever pays: in all (`most`), and on a day of `zone`; None: no limit.

    `late` is what becomes of an order that comes after its hold when a budget of it is gone: honour, or refuse.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="+")
    most = models.BigIntegerField(null=True)
    per_day = models.BigIntegerField(null=True)
    zone = models.CharField(max_length=64)
    late = models.CharField(max_length=8, default="honour")


class Release(models.Model):
    """A frozen, hashed version of an offer, a distribution or an exclusion. Never changed; a newer one follows."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=96)
    version = models.IntegerField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    review_id = models.BigIntegerField()
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code", "version"], name="release_version")]


class Live(models.Model):
    """Which release of a thing is in the book now: a row to put in, a row to take out."""

    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=96)
    release = models.OneToOneField(Release, on_delete=models.PROTECT)
    since = models.DateTimeField()
    by = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="live_once")]


class Exclusion(models.Model):
    """Two offers that may not serve one order, or one line, together: an object of its own.

    `along` is the offer with which it goes through review; `lock` the policy of the shop that wrote it.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=96, unique=True)
    first = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="exclusions_first")
    second = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="exclusions_second")
    grain = models.CharField(max_length=8)
    reason_en = models.TextField(default="")
    reason_zh = models.TextField(default="")
    window = models.JSONField(default=dict)
    along = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="exclusions_along")
    lock = models.CharField(max_length=32, default="")
    state = models.CharField(max_length=16, default="draft")
    author = models.CharField(max_length=128)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second", "grain"], name="exclusion_pair")]


class Caution(models.Model):
    """Whether a policy of the shop on exclusions is on; without a row it is as shipped."""

    code = models.CharField(max_length=32, unique=True)
    on = models.BooleanField()
    by = models.CharField(max_length=128)
    at = models.DateTimeField()


class Stop(models.Model):
    """Nothing is granted by an offer, a campaign or everything from this row on, until it is lifted."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=96)
    at = models.DateTimeField()
    by = models.CharField(max_length=128)
    why = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=128, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], condition=Q(lifted_at=None), name="stop_once")]


class BurnRule(models.Model):
    """Stops an offer or campaign that gives more than `factor` percent of its plan within `minutes`.

    States: armed, fired, ended. `accounts` of the ledger are watched; fewer than `least` are never an alarm.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=96)
    accounts = models.JSONField()
    factor = models.IntegerField()
    minutes = models.IntegerField()
    per_hour = models.BigIntegerField(null=True)
    least = models.BigIntegerField(default=5)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16)
    by = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="burn_rule_once")]

    @property
    def in_money(self) -> bool:
        """Whether what it watches is money, in the currency of its merchant; else pieces."""
        return all(code.startswith(MONEY) for code in self.accounts)


class BurnReading(models.Model):
    """What the watched accounts had given at a moment; kept until a later one is older than the rule's minutes."""

    rule = models.ForeignKey(BurnRule, on_delete=models.CASCADE)
    at = models.DateTimeField()
    given = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["rule", "at"], name="burn_reading")]


class BurnAlarm(models.Model):
    """A rule fired: what was taken, what was planned, and `exposure`, how much more would have gone at this pace."""

    rule = models.ForeignKey(BurnRule, on_delete=models.PROTECT, related_name="alarms")
    at = models.DateTimeField()
    taken = models.BigIntegerField()
    planned = models.BigIntegerField()
    exposure = models.BigIntegerField()
    seen_by = models.CharField(max_length=128, default="")
    seen_at = models.DateTimeField(null=True)


class BookVersion(models.Model):
    """One row whose number moves with every release, recall and stop: by it a process knows that what it has is still so.

    It begins anywhere and moves by any step, so that neither a database that was emptied nor a change that was rolled
    back makes it show a number again that a process has seen.
    """

    number = models.BigIntegerField(default=0)

    @classmethod
    def bump(cls) -> None:
        """Move the number, in the transaction that changed what is in the book."""
        BookVersion.objects.bulk_create([BookVersion(pk=1, number=secrets.randbits(48))], ignore_conflicts=True)
        cls.objects.filter(pk=1).update(number=models.F("number") + 1 + secrets.randbelow(2**16))
