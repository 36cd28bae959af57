"""Accounts of everything scarce and the transfers between them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Account(models.Model):
    """Something scarce: a money budget, coupon stock, flash units, a shopper's allowance of uses.

    `granted` came in, `held` is reserved, `spent` is gone; what is free is granted - held - spent and, on a
    limited account, never below zero: the database says so.
    """

    code = models.CharField(max_length=255, unique=True)
    merchant_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    unit = models.CharField(max_length=8)
    limited = models.BooleanField(default=True)
    granted = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held__gte=0, spent__gte=0, granted__gte=0), name="account_signs"),
            models.CheckConstraint(
                condition=Q(limited=False) | Q(granted__gte=F("held") + F("spent")), name="account_limit"
            ),
        ]


class Transfer(models.Model):
    """One movement between two accounts; rows are added, never changed. `rows` names what it was for."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    rows = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount")]
