"""A coupon's merchant is its offer's, which the audit looks at: no key of the database need look it up in every claim."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("coupons", "0008_limits_of_claims")]

    operations = [
        migrations.AlterField(
            model_name="coupon",
            name="merchant",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="catalog.merchant"
            ),
        ),
    ]
