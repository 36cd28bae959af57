from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_version_and_store'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['of', 'at'], name='sign_in_try')],
            },
        ),
    ]
