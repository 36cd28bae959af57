"""What was numbered by it is numbered; a transaction of its own, for PostgreSQL alters no table it has just written twice."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("coupons", "0012_recalls")]

    operations = [migrations.RemoveField("template", "void_until")]
