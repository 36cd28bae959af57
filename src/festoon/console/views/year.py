"""A year of grocery trade: the import as it goes, and the report when it is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from festoon.analytics import queries as analytics
from festoon.console import year as figures
from festoon.console.screen import page, screen
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


@screen
def year(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The year; polled while it is being imported, it answers with the progress."""
    now, report = timezone.now(), analytics.report(viewer)
    if report is None and not (viewer.is_platform and viewer.may("data.read")):
        raise NotFound("report")
    progress = figures.progress(analytics.year_progress(viewer), now=now)
    if request.headers.get("HX-Request"):
        response = render(request, "console/year_progress.html", {"progress": progress})
        if progress is None or not progress.going:
            response["HX-Refresh"] = "true"
        return response
    return page(request, "console/year.html", {"progress": progress, **(figures.context(report) if report else {})})
