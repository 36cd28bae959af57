"""One distribution: whom it reaches, where it stands, and the ways back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from festoon.console import distribution_page
from festoon.console.screen import page, screen
from festoon.records.viewer import Viewer


@screen
def distribution(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """One distribution."""
    viewer.require("campaigns.read")
    return page(request, "console/distribution.html", distribution_page.context(viewer, code, now=timezone.now()))
