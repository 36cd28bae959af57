"""What the finder of goods asks while one types: results of a search, and the tree of categories."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from festoon.console import scope_picker
from festoon.console.screen import inside, screen
from festoon.records.viewer import Viewer


@screen
def find(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Goods and values for the text; `at` says into which field of the form they would go."""
    viewer.require("offers.edit")
    at = request.GET.get("at", "scope")
    text = request.GET.get("q") or request.GET.get(f"q-{at}", "")
    found = scope_picker.results(viewer, text, now=timezone.now()) if text.strip() else None
    return render(request, "console/form/found.html", {"at": at, "asked": text, "found": found, **_way(request, at)})


@screen
def tree(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The categories right under one."""
    viewer.require("offers.edit")
    at, under = request.GET.get("at", "scope"), request.GET.get("under", "")
    values = scope_picker.children(viewer, under, now=timezone.now())
    return render(request, "console/form/tree.html", {"at": at, "values": values, **_way(request, at)})


def _way(request: HttpRequest, at: str) -> dict[str, object]:
    """How the buttons of the answer speak to the form that asked: its address, and whether one or many are taken."""
    return {
        "action": inside(request, request.GET.get("form", ""), ""),
        "one": at.endswith(".="),
        "basket": at == "basket",
    }
