"""The campaign: one reason to buy, with dates, goals, budget lines and people."""

from __future__ import annotations

from django.db import models

from festoon.catalog.models import Merchant
from festoon.ledger.models import Account


class Campaign(models.Model):
    """The theme that holds promotions, coupons, pages, goals and a budget.

    `term`: one_off, archived whole after its end, or long_term, which goes on in versions. `version` counts how often
    it was agreed on; from the first time until it is recalled or archived it is `in_force`, and what is changed
    meanwhile stands in `next` until that is agreed on.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    reason_en = models.TextField(default="")
    reason_zh = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default="draft")
    author = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    colour = models.CharField(max_length=16, default="")
    source = models.CharField(max_length=32, default="")
    term = models.CharField(max_length=16, default="one_off")
    version = models.IntegerField(default=0)
    in_force = models.BooleanField(default=False)
    next = models.JSONField(null=True)


class Goal(models.Model):
    """A target of one metric, for one channel or one product (empty: for all)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="goals")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    metric = models.CharField(max_length=32)
    channel = models.CharField(max_length=32, default="")
    product = models.CharField(max_length=64, default="")
    target = models.BigIntegerField()


class BudgetLine(models.Model):
    """Money set aside: discount by payer, gifts, paid placement. The account keeps what is left."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="budget_lines")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    kind = models.CharField(max_length=32)
    payer = models.CharField(max_length=96)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    account = models.OneToOneField(Account, on_delete=models.PROTECT)


class Archive(models.Model):
    """What is kept of a one-off campaign that was thrown away: its figures at the end, and the campaign as text."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="archive")
    at = models.DateTimeField()
    by = models.CharField(max_length=128)
    figures = models.JSONField()
    text = models.TextField()
