"""Levels of several parties, ceilings, delegates, rounds, remarks. Levels of one role are carried over."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def carry_levels(apps: Any, schema_editor: Any) -> None:
    """Every flow's rows become its levels; what is open or closed keeps its own, in the new form."""
    using = schema_editor.connection.alias
    for flow in apps.get_model("review", "Flow").objects.using(using):
        flow.levels = [
            _level(row.number, row.role, {"en": row.name_en, "zh": row.name_zh})
            for row in apps.get_model("review", "Level").objects.using(using).filter(flow=flow).order_by("number")
        ]
        flow.save(update_fields=["levels"])
    for review in apps.get_model("review", "Review").objects.using(using).iterator():
        if review.levels:
            review.levels = [_level(each["number"], each["role"], each["name"]) for each in review.levels]
            review.save(update_fields=["levels"])


def _level(number: int, role: str, name: dict[str, str]) -> dict[str, Any]:
    return {"number": number, "name": name, "rule": "any", "need": 1, "parties": [{"role": role}], "hours": 0}


def _number() -> models.BigAutoField[int, int]:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """The second form of reviews."""

    dependencies = [("review", "0001_initial")]
    operations = [
        migrations.AddField("flow", "number", models.IntegerField(default=1)),
        migrations.AddField("flow", "when", models.JSONField(default=dict)),
        migrations.AddField("flow", "levels", models.JSONField(default=list)),
        migrations.AlterField("flow", "subject_kind", models.CharField(max_length=32)),
        migrations.AddConstraint(
            "flow", models.UniqueConstraint(fields=["subject_kind", "number"], name="flow_number")
        ),
        migrations.RunPython(carry_levels, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel("Level"),
        migrations.RemoveConstraint("decision", "decision_once"),
        migrations.AddField("decision", "round", models.IntegerField(default=1)),
        migrations.AddField("decision", "for_whom", models.CharField(default="", max_length=128)),
        migrations.AddField("decision", "party", models.IntegerField(default=0)),
        migrations.AddField("decision", "marks", models.JSONField(default=dict)),
        migrations.AddConstraint(
            "decision",
            models.UniqueConstraint(fields=["review", "round", "level", "by"], name="decision_once"),
        ),
        migrations.AddField("review", "measures", models.JSONField(default=dict)),
        migrations.AddField("review", "round", models.IntegerField(default=1)),
        migrations.AddField("review", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("review", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddIndex("review", models.Index(fields=["due_at"], condition=Q(state="open"), name="review_due")),
        migrations.CreateModel(
            "Ceiling",
            [
                ("id", _number()),
                ("role", models.CharField(max_length=32)),
                ("measure", models.CharField(max_length=32)),
                ("most", models.BigIntegerField()),
                ("level", models.JSONField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["role", "measure"], name="ceiling_once")]},
        ),
        migrations.CreateModel(
            "Delegate",
            [
                ("id", _number()),
                ("person", models.CharField(max_length=64)),
                ("to", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("by", models.CharField(max_length=128)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="delegate_time"),
                    models.CheckConstraint(condition=~Q(person=F("to")), name="delegate_other"),
                ]
            },
        ),
        migrations.CreateModel(
            "Remark",
            [
                ("id", _number()),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject", models.CharField(max_length=128)),
                ("merchant_id", models.BigIntegerField()),
                ("by", models.CharField(max_length=128)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
            ],
            options={"indexes": [models.Index(fields=["subject_kind", "subject", "at"], name="remark_subject")]},
        ),
        migrations.CreateModel(
            "Mention",
            [
                ("id", _number()),
                ("person", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="review.remark"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["remark", "person"], name="mention_once")]},
        ),
    ]
