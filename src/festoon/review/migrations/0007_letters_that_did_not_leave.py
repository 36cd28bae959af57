"""Health looks for letters that something kept from leaving: an index holds only these."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("review", "0006_asks")]
    operations = [
        migrations.AddIndex(
            "letter", models.Index(fields=["due_at"], condition=Q(error__gt=""), name="letter_stuck")
        )
    ]
