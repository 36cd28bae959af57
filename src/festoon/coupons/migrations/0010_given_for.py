"""Who claimed a coupon on its shopper's behalf, and why: a row beside the coupon, written by such claims alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("coupons", "0009_no_key_of_a_coupons_merchant")]

    operations = [
        migrations.CreateModel(
            name="GivenFor",
            fields=[
                (
                    "coupon",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="given_for",
                        serialize=False,
                        to="coupons.coupon",
                    ),
                ),
                ("by", models.CharField(max_length=128)),
                ("why", models.CharField(max_length=500)),
            ],
        ),
    ]
