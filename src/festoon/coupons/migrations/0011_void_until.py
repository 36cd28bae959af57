"""A coupon that was held or used when all of it was made void does not come back when its order gives it back."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("coupons", "0010_given_for")]

    operations = [migrations.AddField("template", "void_until", models.DateTimeField(null=True))]
