"""New offers that somebody began and did not save yet."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("catalog", "0001_initial"), ("console", "0001_saved_views")]
    operations = [
        migrations.CreateModel(
            name="Unfinished",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun", models.CharField(max_length=32)),
                ("rule", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=128)),
                ("fields", models.JSONField()),
                ("began_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=PROTECT, to="catalog.merchant")),
                ("person", models.ForeignKey(on_delete=CASCADE, to="catalog.person")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "begun"), name="unfinished_once")],
                "indexes": [models.Index(fields=["touched_at"], name="unfinished_touched")],
            },
        ),
    ]
