"""What people keep of the console for themselves: named views of its lists."""

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
