"""A search by name that finds little walks an index of names alone: half as wide as the one the list walks."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies = [("offers", "0007_called")]
    operations = [migrations.AddIndex("offer", models.Index(fields=["id", "called"], name="offer_names"))]
