"""What an offer may cost, in all and on a day."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table beside offers, for those that are limited so."""

    dependencies = [("offers", "0008_names_alone")]
    operations = [
        migrations.CreateModel(
            name="Spending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("most", models.BigIntegerField(null=True)),
                ("per_day", models.BigIntegerField(null=True)),
                ("zone", models.CharField(max_length=64)),
                ("late", models.CharField(default="honour", max_length=8)),
                ("offer", models.OneToOneField(on_delete=models.CASCADE, related_name="+", to="offers.offer")),
            ],
        ),
    ]
