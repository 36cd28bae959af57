"""Who must agree, in what order, and what they decided. Knows a subject only as (kind, id, content hash)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Flow(models.Model):
    """The levels one kind of subject passes; no levels means approved by rule."""

    subject_kind = models.CharField(max_length=32, unique=True)


class Level(models.Model):
    """One step of a flow: which role decides, in which order."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="levels")
    number = models.IntegerField()
    role = models.CharField(max_length=32)
    name_en = models.CharField(max_length=64)
    name_zh = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="level_number")]


class Review(models.Model):
    """One submission of one content; `expected` is the worked example shown beside the input."""

    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=128)
    merchant_id = models.BigIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    expected = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="open")
    level = models.IntegerField(default=1)
    levels = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=128)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject"], condition=Q(state="open"), name="review_one_open"
            )
        ]


class Decision(models.Model):
    """What one person (or the rule) said at one level."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    level = models.IntegerField()
    decision = models.CharField(max_length=16)
    by = models.CharField(max_length=128)
    at = models.DateTimeField()
    comment = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "level", "by"], name="decision_once")]
