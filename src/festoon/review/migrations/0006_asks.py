"""Whom a review asks stands in a column of its own, in an index: every page counts what waits for who looks at it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import migrations, models


def asks(level: Mapping[str, Any]) -> str:
    """As `review.levels.asks` says it when this is written."""
    told = {name: level[name] for name in ("rule", "parties", "house") if name in level}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 512 else ""


def fill(apps: Any, _: Any) -> None:
    """Of what is open and nobody has decided anything on. Run again it writes the same."""
    rows = apps.get_model("review", "Review").objects
    known: dict[str, list[int]] = {}
    fresh = rows.filter(state="open", decisions=None).values_list("pk", "level", "levels")
    for number, level, levels in fresh.iterator():
        known.setdefault(asks(levels[level - 1]), []).append(number)
    for told, numbers in known.items():
        for start in range(0, len(numbers), 1_000):
            rows.filter(pk__in=numbers[start : start + 1_000]).update(asks=told)


class Migration(migrations.Migration):
    dependencies = [("review", "0005_letters")]
    operations = [
        migrations.AddField("review", "asks", models.CharField(max_length=512, default="", db_default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "review", models.Index(fields=["state", "asks", "opened_by", "merchant_id", "id"], name="review_waits")
        ),
    ]
