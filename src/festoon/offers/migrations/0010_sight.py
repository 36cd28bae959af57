"""Offers that are in the book say what decides who else sees them, in the index that a list walks."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.models import F

from festoon.offers.sight import sight_of
from festoon.records.parts import in_parts

called = import_module("festoon.offers.migrations.0007_called")
keep, TRIGGERS = called.keep, called.TRIGGERS


def fill(apps: Any, _: Any) -> None:
    offers, live = apps.get_model("offers", "Offer"), apps.get_model("offers", "Live")
    rows = live.objects.filter(kind="offer").order_by().values_list("code", "release__data")
    found: dict[str, list[str]] = {}
    for code, data in rows.iterator(chunk_size=500):
        found.setdefault(sight_of(data), []).append(code)
    for sight, codes in found.items():
        for part in in_parts(codes):
            offers.objects.filter(code__in=part).update(sight=sight)


def keep_again(apps: Any, schema: Any) -> None:
    """SQLite may have made the table anew, without its triggers."""
    if schema.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema.execute(f"DROP TRIGGER IF EXISTS {name}")
        keep(apps, schema)


class Migration(migrations.Migration):
    """A column that the live release decides, and one index in place of one."""

    dependencies = [("offers", "0009_spending")]
    operations = [
        migrations.RemoveIndex("offer", "offer_latest"),
        migrations.RunPython(migrations.RunPython.noop, keep_again),
        migrations.AddField("offer", "sight", models.CharField(default="", editable=False, max_length=24)),
        migrations.RunPython(keep_again, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "offer",
            models.Index(
                F("edited_at").desc(), F("id").desc(), "out", "state", "kind", "type", "campaign", "merchant",
                "starts_at", "ends_at", "code", "called", "sight", name="offer_latest",
            ),
        ),
    ]  # fmt: skip
