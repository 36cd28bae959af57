"""What a house keeps of its campaigns to begin others from."""

from __future__ import annotations

from django.db import models

from festoon.catalog.models import Merchant


class KeptTemplate(models.Model):
    """A campaign as it was when somebody kept it as a template; `code` is the campaign's, `data` its paper.

    It is a copy: what becomes of the campaign changes nothing in it.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    code = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=128)
    about_en = models.TextField(default="")
    about_zh = models.TextField(default="")
    data = models.JSONField()
    by = models.CharField(max_length=128)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "code"], name="kept_template_once")]
