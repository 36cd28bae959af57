"""Offers know whether they are in the book; indexes for lists of 100,000."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q


def mark(apps: Any, schema: Any) -> None:  # noqa: ARG001 -- Django's signature
    offers, live = apps.get_model("offers", "Offer"), apps.get_model("offers", "Live")
    offers.objects.filter(Exists(live.objects.filter(kind="offer", code=OuterRef("code")))).update(out=True)


class Migration(migrations.Migration):
    """A column that `Live` decides, and five indexes."""

    dependencies = [("offers", "0003_preset")]
    operations = [
        migrations.AddField("offer", "out", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            "offer",
            models.Index(
                F("edited_at").desc(), F("id").desc(), "out", "state", "kind", "type", "campaign", "merchant",
                "starts_at", "ends_at", "code", "name_en", "name_zh", name="offer_latest",
            ),
        ),
        migrations.AddIndex(
            "offer", models.Index("merchant", F("edited_at").desc(), F("id").desc(), name="offer_of_merchant")
        ),
        migrations.AddIndex(
            "offer", models.Index("campaign", F("edited_at").desc(), F("id").desc(), name="offer_of_campaign")
        ),
        migrations.AddIndex(
            "offer",
            models.Index(fields=["ends_at", "starts_at", "campaign", "code"], name="offer_out", condition=Q(out=True)),
        ),
        migrations.AddIndex("offer", models.Index(fields=["state"], name="offer_at_work", condition=Q(out=False))),
    ]  # fmt: skip
