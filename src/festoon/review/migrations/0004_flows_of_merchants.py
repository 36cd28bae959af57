"""Flows of merchants: their own people first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_looked_up")]
    operations = [
        migrations.AddField("flow", "merchant_id", models.BigIntegerField(default=1)),
        migrations.RemoveConstraint("flow", "flow_number"),
        migrations.AddConstraint(
            "flow", models.UniqueConstraint(fields=["merchant_id", "subject_kind", "number"], name="flow_number")
        ),
    ]
