"""Health: facts at once, the checks when somebody asks for them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.console import health as house
from festoon.console.screen import page, screen
from festoon.records.viewer import Viewer


@screen
def health(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Where everything stands; with `run`, the checks too."""
    viewer.require("data.read")
    now = timezone.now()
    context = {
        "facts": house.facts(viewer),
        "jobs": house.jobs(viewer),
        "checks": house.checks(viewer, now=now) if request.GET.get("run") else None,
        "now": now,
    }
    return page(request, "console/health.html", context)
