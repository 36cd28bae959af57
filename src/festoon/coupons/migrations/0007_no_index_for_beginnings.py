"""PostgreSQL is given a second index on every text key, for questions how it begins: nobody asks that of a coupon's id,
and every claim wrote it.
"""

from django.db import migrations


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        name = editor._create_index_name("coupons_coupon", ["id"], suffix="_like")
        editor.execute(f'DROP INDEX IF EXISTS "{name}"')


class Migration(migrations.Migration):

    dependencies = [("coupons", "0006_lean_coupons")]

    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
