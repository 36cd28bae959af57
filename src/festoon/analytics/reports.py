"""Reports that are made once and looked at often: files in the folder of everything generated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from festoon.analytics.lake.folder import publish

PLACES = {"year": "demo/report.json"}


def path(name: str) -> Path:
    """Where a report lies."""
    return Path(settings.FESTOON_VAR) / PLACES[name]


def write(name: str, report: Mapping[str, Any]) -> Path:
    """Put a report in place of an older one: whole, or not at all."""
    place = path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_suffix(".aside")
    aside.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    publish(aside, place)
    return place
