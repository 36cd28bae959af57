"""Who did what when: the audit, the outbox of events, remembered keys and jobs."""

from __future__ import annotations

from django.db import models


class Told(models.Func):
    """Whether a row of the audit tells what somebody did: what shoppers did in crowds is one row of a kind of its own.

    The kinds stand in its text, so that a database knows the index of these rows alone answers it.
    """

    template = "%(expressions)s NOT IN ('group', 'events')"
    output_field = models.BooleanField()

    def __init__(self, kind: str = "subject_kind") -> None:
        super().__init__(kind)


class AuditEntry(models.Model):
    """One change of state: who, for whom, when, from what to what, why; chained by hash per writer process."""

    chain = models.CharField(max_length=64)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=128)
    merchant_id = models.BigIntegerField()
    verb = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=128)
    before = models.CharField(max_length=64, default="")
    after = models.CharField(max_length=64, default="")
    why = models.TextField(default="")
    key = models.CharField(max_length=255, default="")
    rows = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_chain_number")]
        indexes = [
            models.Index(fields=["subject_kind", "subject", "at"], name="audit_subject"),
            # What people look through; what claims and holds write is in neither.
            models.Index(fields=["id"], name="audit_told", condition=models.Q(Told())),
            models.Index(fields=["merchant_id", "id"], name="audit_told_of", condition=models.Q(Told())),
        ]


class Outbox(models.Model):
    """Committed events that have not yet left for the lake: one row a verb or batch, the events inside, compressed."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    merchant_id = models.BigIntegerField()
    count = models.IntegerField()
    events = models.BinaryField()


class OutboxCursor(models.Model):
    """How far the outbox was read: for the lake (moves only after the file is durable), for the webhooks; and how far
    its rows were taken out.
    """

    name = models.CharField(max_length=32, primary_key=True)
    position = models.BigIntegerField(default=0)


class LakeFile(models.Model):
    """A file of the lake that stays: where it is, which outbox rows it may hold events of, and what it is made of.

    The list of them changes in one transaction when several files became one, after the one is durable; only what is
    on it lets rows leave the outbox.
    """

    path = models.CharField(max_length=64, primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    events = models.BigIntegerField()
    bytes = models.BigIntegerField()
    digest = models.CharField(max_length=64)


class Key(models.Model):
    """The remembered answer of a cold write, so that a retry gets the same answer and no second effect."""

    merchant_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    verb = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant_id", "key"], name="key_once")]


class Job(models.Model):
    """Long work with a cursor that moves in the transaction of its rows: a killed job resumes exactly."""

    kind = models.CharField(max_length=64)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="waiting")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    cursor = models.JSONField(default=dict)
    note = models.CharField(max_length=255, default="")
    attempts = models.IntegerField(default=0)
    leased_by = models.CharField(max_length=64, default="")
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    by = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)


class Checked(models.Model):
    """One invariant, checked by a job: over how many cases, and what was wrong."""

    invariant = models.CharField(max_length=32)
    job = models.BigIntegerField()
    at = models.DateTimeField()
    cases = models.BigIntegerField()
    milliseconds = models.IntegerField()
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["invariant", "at"], name="checked_at")]
