"""Keys by which the shop's own systems come in: kept only as a hash, scoped, of one merchant."""

from __future__ import annotations

from django.db import models

from festoon.catalog.models import Merchant


class ApiKey(models.Model):
    """A machine's key; says which merchant, channel and store speaks, and what it may do."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    channel = models.CharField(max_length=32)
    store = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=128)
    revoked_at = models.DateTimeField(null=True)
