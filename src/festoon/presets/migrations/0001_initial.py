"""Presets and their releases."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0003_version_and_store'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=96, unique=True)),
                ('name_en', models.CharField(max_length=128)),
                ('name_zh', models.CharField(max_length=128)),
                ('state', models.CharField(default='draft', max_length=16)),
                ('draft', models.JSONField()),
                ('version', models.IntegerField(default=0)),
                ('author', models.CharField(max_length=128)),
                ('created_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField()),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalog.merchant')),
            ],
        ),
        migrations.CreateModel(
            name='PresetRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=96)),
                ('version', models.IntegerField()),
                ('data', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('review_id', models.BigIntegerField()),
                ('released_at', models.DateTimeField()),
                ('released_by', models.CharField(max_length=128)),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalog.merchant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='preset_version')],
            },
        ),
    ]
