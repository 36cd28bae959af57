"""What is only a promotion's."""

from __future__ import annotations

from django.db import models

from festoon.ledger.models import Account
from festoon.offers.models import Offer


class Promotion(models.Model):
    """An offer that applies by itself.

    `units` is the stock of a flash price and `per_shopper` how many orders of one shopper it may serve, if limited.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="promotion")
    units = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    per_shopper = models.IntegerField(null=True)
