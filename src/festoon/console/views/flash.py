"""The flash sale: when it opens, who got a unit, what the others were told, and whether the books balance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from festoon.base.words import Words
from festoon.console import flash as sales
from festoon.console.screen import page, screen
from festoon.demo.town import switch
from festoon.records.viewer import Viewer


@screen
def flash(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The last flash sale; polled, it answers with what moves."""
    viewer.require("data.read")
    now = timezone.now()
    town = switch.status(viewer, now=now)
    context: Mapping[str, Any] = {
        "town": town,
        "sale": sales.sale(viewer, town.flash, now=now) if town.flash else None,
        "prices": sales.limited(viewer, now=now),
        "title": Words("Flash sale", "秒杀"),
    }
    if request.headers.get("HX-Request"):
        return render(request, "console/flash_live.html", context)
    return page(request, "console/flash.html", context)
