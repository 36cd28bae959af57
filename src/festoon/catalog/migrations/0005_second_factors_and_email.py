import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_sign_in_try'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondFactorRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(default='', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='UsedCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='person',
            name='by_groups',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='person',
            name='email',
            field=models.CharField(default='', max_length=254),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('email',), name='person_email_once'),
        ),
        migrations.AddField(
            model_name='secondfactorrule',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalog.merchant'),
        ),
        migrations.AddField(
            model_name='usedcode',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalog.person'),
        ),
        migrations.AddConstraint(
            model_name='secondfactorrule',
            constraint=models.UniqueConstraint(fields=('merchant', 'role'), name='second_factor_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='usedcode',
            constraint=models.UniqueConstraint(fields=('person', 'code'), name='used_code_once'),
        ),
    ]
