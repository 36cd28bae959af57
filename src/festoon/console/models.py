"""What people keep of the console for themselves: named views of its lists, and offers they began."""

from __future__ import annotations

from django.db import models

from festoon.catalog.models import Merchant, Person


class SavedView(models.Model):
    """A list as somebody left it, under a name: `query` is what stands in the address after the question mark."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    list = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    query = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list", "name"], name="saved_view_once")]


class Unfinished(models.Model):
    """A new offer as somebody left it before it was saved: `fields` as they were typed, by the names of the form.

    `begun` is the number of the form it stands in, `rule` what the form is for. Nobody else is shown it.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    begun = models.CharField(max_length=32)
    rule = models.CharField(max_length=160)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=128)
    fields = models.JSONField()
    began_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "begun"], name="unfinished_once")]
        indexes = [models.Index(fields=["touched_at"], name="unfinished_touched")]
