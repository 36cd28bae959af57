from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_checked")]

    operations = [
        migrations.CreateModel(
            name="LakeFile",
            fields=[
                ("path", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("events", models.BigIntegerField()),
                ("bytes", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
    ]
