"""Reading what was counted. Each function takes the viewer first."""

from __future__ import annotations

import json
from typing import Any

from festoon.analytics import reports
from festoon.records import queries as records
from festoon.records.models import Job
from festoon.records.viewer import Viewer


def report(viewer: Viewer, name: str = "year") -> dict[str, Any] | None:
    """A report as it was last made; None when there is none yet, or the viewer may not see data."""
    place = reports.path(name)
    if not viewer.may("data.read") or not place.exists():
        return None
    found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return found


def year_progress(viewer: Viewer) -> Job | None:
    """The import of the year, the last one asked for; None when there is none."""
    return records.jobs(viewer).filter(kind="year").first()
