"""Views of lists that people keep."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT


class Migration(migrations.Migration):
    """One table."""

    initial = True
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=64)),
                ("query", models.TextField()),
                ("saved_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=PROTECT, to="catalog.merchant")),
                ("person", models.ForeignKey(on_delete=CASCADE, to="catalog.person")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "list", "name"), name="saved_view_once"),
                ],
            },
        ),
    ]
