"""The dashboard; polled, it answers with what moves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from festoon.base.words import Words
from festoon.console import dashboard as figures
from festoon.console.screen import page, screen, zone_of
from festoon.console.words import said
from festoon.records.viewer import Viewer

GRAINS = {"minute": Words("By minute", "按分钟"), "day": Words("By day", "按天")}


@screen
def dashboard(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The live figures."""
    viewer.require("data.read")
    asked = request.GET.get("by", "minute")
    grain = asked if asked in GRAINS else "minute"
    shown = dict(figures.context(viewer, grain=grain, zone=zone_of(viewer), now=timezone.now()))
    if request.headers.get("HX-Request"):
        return render(request, "console/dashboard_live.html", shown)
    shown |= {"grain": grain, "grains": [(code, said(words)) for code, words in GRAINS.items()]}
    return page(request, "console/dashboard.html", shown)
