"""Templates of campaigns that a house keeps."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    """One table."""

    initial = True
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="KeptTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("name_en", models.CharField(max_length=128)),
                ("name_zh", models.CharField(max_length=128)),
                ("about_en", models.TextField(default="")),
                ("about_zh", models.TextField(default="")),
                ("data", models.JSONField()),
                ("by", models.CharField(max_length=128)),
                ("kept_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=PROTECT, to="catalog.merchant")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("merchant", "code"), name="kept_template_once")],
            },
        ),
    ]
