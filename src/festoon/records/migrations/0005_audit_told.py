"""Who did what is found past what shoppers did in crowds: two indexes in which none of those rows is."""

from __future__ import annotations

from django.db import migrations, models

from festoon.records.models import Told


class Migration(migrations.Migration):
    """Claims and holds write to neither."""

    dependencies = [("records", "0004_lake_files")]
    operations = [
        migrations.AddIndex(
            "auditentry", models.Index(fields=["id"], name="audit_told", condition=models.Q(Told()))
        ),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["merchant_id", "id"], name="audit_told_of", condition=models.Q(Told()))
        ),
    ]
