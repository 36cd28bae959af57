"""What the inbox and the pages of things look reviews up by."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("review", "0002_ways")]
    operations = [
        migrations.AddIndex("review", models.Index(fields=["subject_kind", "subject"], name="review_subject")),
        migrations.AddIndex(
            "review",
            models.Index(
                fields=["closed_at"], condition=Q(state__in=("sent_back", "rejected")), name="review_came_back"
            ),
        ),
    ]
