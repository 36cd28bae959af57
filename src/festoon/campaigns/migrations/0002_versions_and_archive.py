import django.db.models.deletion
from django.db import migrations, models


def agreed_once(apps, schema_editor):
    """What was approved before is in force."""
    apps.get_model("campaigns", "Campaign").objects.filter(state="approved").update(version=1, in_force=True)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.AddField("campaign", "term", models.CharField(default="one_off", max_length=16)),
        migrations.AddField("campaign", "version", models.IntegerField(default=0)),
        migrations.AddField("campaign", "in_force", models.BooleanField(default=False)),
        migrations.AddField("campaign", "next", models.JSONField(null=True)),
        migrations.RunPython(agreed_once, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name="Archive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=128)),
                ("figures", models.JSONField()),
                ("text", models.TextField()),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="archive",
                        to="campaigns.campaign",
                    ),
                ),
            ],
        ),
    ]
