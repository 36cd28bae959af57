"""Who listens to events, and each event on its way to one of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from festoon.catalog.models import Merchant


class Endpoint(models.Model):
    """An address of a merchant's systems that events are sent to. States: live, paused, gone (it said 410), ended.

    Its secret is not kept: it is made of the installation's secret, the number and the `generation`; while a secret is
    changed the one before it signs too. `rests_until`: after a failure nothing is sent for a while.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    name = models.CharField(max_length=64)
    url = models.CharField(max_length=512)
    kinds = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="live")
    generation = models.IntegerField(default=1)
    both_until = models.DateTimeField(null=True)
    after = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=64, default="")
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "name"], condition=~Q(state="ended"), name="webhook_endpoint_name"
            )
        ]


class Delivery(models.Model):
    """One event for one endpoint. States: waiting, sent, dead. `sequence` counts the events of one `object` to it."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=128)
    kind = models.CharField(max_length=64)
    object = models.CharField(max_length=160)
    sequence = models.BigIntegerField()
    body = models.TextField()
    state = models.CharField(max_length=16, default="waiting")
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    status = models.IntegerField(null=True)
    error = models.CharField(max_length=255, default="")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_event_once"),
            models.UniqueConstraint(fields=["endpoint", "object", "sequence"], name="webhook_sequence"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "id"], condition=Q(state="waiting"), name="webhook_waiting"),
            models.Index(fields=["state", "ended_at"], name="webhook_ended"),
        ]


class Sequence(models.Model):
    """How many events of one object an endpoint was told of: so no number is left out, and none comes twice."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT)
    object = models.CharField(max_length=160)
    last = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "object"], name="webhook_object")]
