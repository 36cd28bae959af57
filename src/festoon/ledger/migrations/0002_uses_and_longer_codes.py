from django.db import migrations, models


def without_limits(apps, schema_editor):
    """How often a shopper may use an offer stands with the offer; the accounts only count."""
    apps.get_model("ledger", "Account").objects.filter(kind="uses").update(limited=False)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AlterField("account", "code", models.CharField(max_length=255, unique=True)),
        migrations.RunPython(without_limits, migrations.RunPython.noop),
    ]
