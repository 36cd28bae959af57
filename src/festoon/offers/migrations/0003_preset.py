"""Offers know the preset they were made from."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("offers", "0002_burn_rates")]
    operations = [
        migrations.AddField("offer", "preset", models.CharField(db_index=True, default="", max_length=96)),
    ]
