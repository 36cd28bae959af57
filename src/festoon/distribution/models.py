"""By which channel and scene, to whom, where and until when a campaign reaches people."""

from __future__ import annotations

from django.db import models

from festoon.campaigns.models import Campaign
from festoon.catalog.models import Merchant


class Distribution(models.Model):
    """A draft of a distribution; reviewed and released like an offer."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="distributions")
    code = models.CharField(max_length=96, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    state = models.CharField(max_length=16, default="draft")
    draft = models.JSONField()
    author = models.CharField(max_length=128)
    created_at = models.DateTimeField()
