"""The levels that shoppers have are found by an index, not by counting everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_second_factors_and_email")]
    operations = [
        migrations.AddIndex("shopper", models.Index(fields=["level"], name="shopper_level")),
    ]
