"""The indexes of the counts hold all that is asked of them: no row is looked at."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Two indexes in place of two."""

    dependencies = [("offers", "0004_out_and_lists")]
    operations = [
        migrations.RemoveIndex("offer", "offer_out"),
        migrations.RemoveIndex("offer", "offer_at_work"),
        migrations.AddIndex(
            "offer",
            models.Index(
                fields=["ends_at", "starts_at", "campaign", "code", "out"], name="offer_in_book", condition=Q(out=True)
            ),
        ),
        migrations.AddIndex(
            "offer", models.Index(fields=["state", "out"], name="offer_in_work", condition=Q(out=False))
        ),
    ]
