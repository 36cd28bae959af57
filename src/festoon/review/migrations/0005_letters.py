"""Letters to whom a review waits for, and who wants none."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("review", "0004_flows_of_merchants")]
    operations = [
        migrations.AddField("review", "near_at", models.DateTimeField(null=True)),
        migrations.AddField("review", "called_at", models.DateTimeField(null=True)),
        migrations.AddIndex("review", models.Index(fields=["near_at"], condition=Q(state="open"), name="review_near")),
        migrations.AddIndex(
            "review", models.Index(fields=["id"], condition=Q(state="open", called_at=None), name="review_uncalled")
        ),
        migrations.CreateModel(
            name="LetterWish",
            fields=[
                ("id", KEY),
                ("person", models.CharField(max_length=64, unique=True)),
                ("wanted", models.BooleanField(default=True)),
                ("language", models.CharField(default="", max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", KEY.clone()),
                ("round", models.IntegerField()),
                ("level", models.IntegerField()),
                ("person", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=8)),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("attempts", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("error", models.CharField(default="", max_length=255)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="review.review"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="letter_waiting")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["review", "round", "level", "person", "kind"], name="letter_once"
                    )
                ],
            },
        ),
    ]
