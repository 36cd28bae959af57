"""Presets of an installation's own, and their releases. Those of the house are files beside this one."""

from __future__ import annotations

from django.db import models

from festoon.catalog.models import Merchant


class Preset(models.Model):
    """A preset while people work on it; `version` is that of its last release, 0 when it has none."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=96, unique=True)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    state = models.CharField(max_length=16, default="draft")
    draft = models.JSONField()
    version = models.IntegerField(default=0)
    author = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()


class PresetRelease(models.Model):
    """A frozen, hashed version of a preset that was agreed on. Never changed but for its end: a newer one follows, or it is
    recalled, and then only a newer one comes back.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=96)
    version = models.IntegerField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    review_id = models.BigIntegerField()
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=128)
    recalled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="preset_version")]
