"""Reading what was counted. Each function takes the viewer first."""

from __future__ import annotations

import json
from typing import Any

from festoon.analytics import reports
from festoon.catalog import queries as catalog
from festoon.records import queries as records
from festoon.records.models import Job
from festoon.records.viewer import Viewer


def report(viewer: Viewer, name: str = "year") -> dict[str, Any] | None:
    """A report as it was last made; None when there is none yet, or it is none of the viewer's business.

    A report is the platform's, and of the merchant whose trade it is about, if it names one.
    """
    place = reports.path(name)
    if not viewer.may("data.read") or not place.exists():
        return None
    found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    mine = viewer.is_platform or catalog.merchants(viewer).filter(code=found.get("merchant", "")).exists()
    return found if mine else None


def year_progress(viewer: Viewer) -> Job | None:
    """The import of the year, the last one asked for; None when there is none."""
    return records.jobs(viewer).filter(kind="year").first()
