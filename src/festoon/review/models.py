"""Who must agree, in what order, and what they decided. Knows a subject only as (kind, id, content hash)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from festoon.records.viewer import PLATFORM

ASKS_LONGEST = 512
"""Signs of `Review.asks`, which stands in an index."""


class Flow(models.Model):
    """The levels one kind of subject passes when `when` holds; the first flow that holds counts, none: by rule.

    A merchant's are about what is its own: its people agree before the platform is asked.
    """

    merchant_id = models.BigIntegerField(default=PLATFORM)
    subject_kind = models.CharField(max_length=32)
    number = models.IntegerField(default=1)
    when = models.JSONField(default=dict)
    levels = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant_id", "subject_kind", "number"], name="flow_number")]


class Ceiling(models.Model):
    """The most that people of a role may submit; above it one more level must agree."""

    role = models.CharField(max_length=32)
    measure = models.CharField(max_length=32)
    most = models.BigIntegerField()
    level = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "measure"], name="ceiling_once")]


class Delegate(models.Model):
    """Somebody who decides in another's place for a time, `[since, until)`."""

    person = models.CharField(max_length=64)
    to = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="delegate_time"),
            models.CheckConstraint(condition=~Q(person=models.F("to")), name="delegate_other"),
        ]


class Review(models.Model):
    """One submission of one content; `expected` is the worked example shown beside the input.

    `round` counts how often it was returned to an earlier level: what was agreed on there has to be said again. Of the
    level where it stands `called_at` says when letters were written to its parties, `near_at` when they are told again.
    `asks`: to whom its level listens (`levels.asks`), as long as it is open and nobody has decided anything on it; empty
    from then on. What waits for somebody is counted by it, on every page, from the index alone.
    """

    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=128)
    merchant_id = models.BigIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    expected = models.JSONField(default=dict)
    measures = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="open")
    level = models.IntegerField(default=1)
    round = models.IntegerField(default=1)
    levels = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=128)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    near_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    asks = models.CharField(max_length=ASKS_LONGEST, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject"], condition=Q(state="open"), name="review_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="review_due"),
            models.Index(fields=["near_at"], condition=Q(state="open"), name="review_near"),
            models.Index(fields=["id"], condition=Q(state="open", called_at=None), name="review_uncalled"),
            models.Index(fields=["subject_kind", "subject"], name="review_subject"),
            models.Index(fields=["state", "asks", "opened_by", "merchant_id", "id"], name="review_waits"),
            models.Index(
                fields=["closed_at"], condition=Q(state__in=("sent_back", "rejected")), name="review_came_back"
            ),
        ]


class Decision(models.Model):
    """What one person (or the rule) said at one level; `for_whom` when in another's place.

    `party` is the place of the party it spoke for; `marks` are the fields of the content that it is about, each with
    what is wrong there.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    level = models.IntegerField()
    round = models.IntegerField(default=1)
    decision = models.CharField(max_length=16)
    by = models.CharField(max_length=128)
    for_whom = models.CharField(max_length=128, default="")
    party = models.IntegerField(default=0)
    at = models.DateTimeField()
    comment = models.TextField(default="")
    marks = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "round", "level", "by"], name="decision_once")]


class Remark(models.Model):
    """What somebody said about a thing, decided or not."""

    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=128)
    merchant_id = models.BigIntegerField()
    by = models.CharField(max_length=128)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject", "at"], name="remark_subject")]


class Mention(models.Model):
    """Somebody a remark names, until they have seen it."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="mentions")
    person = models.CharField(max_length=64)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["remark", "person"], name="mention_once")]


class LetterWish(models.Model):
    """Whether somebody wants letters, and in which language; "" and no row at all: in both."""

    person = models.CharField(max_length=64, unique=True)
    wanted = models.BooleanField(default=True)
    language = models.CharField(max_length=16, default="")


class Letter(models.Model):
    """That a review waits for somebody, on its way to their mailbox: once a round, level and kind (`asked` or `due`).

    States: waiting; taken, from just before it leaves; sent, dropped (decided before it left) or failed.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="letters")
    round = models.IntegerField()
    level = models.IntegerField()
    person = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default="waiting")
    attempts = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=255, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "round", "level", "person", "kind"], name="letter_once")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["due_at"], condition=Q(error__gt=""), name="letter_stuck"),
        ]
