"""Start here: things to do with one click, and what the town does meanwhile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console.links import links
from festoon.console.screen import done, page, screen
from festoon.demo.town import switch
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews


@screen
def start(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The landing page."""
    now = timezone.now()
    context = {
        "town": switch.status(viewer, now=now),
        "waiting": len(reviews.inbox(viewer)),
        "links": links(viewer, now=now),
    }
    return page(request, "console/start.html", context)


@require_POST
@screen
def town(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The switch of the town."""
    now = timezone.now()
    if request.POST.get("to") == "stop":
        switch.stop(by=viewer, now=now)
        return done(request, "console:start", Words("The town goes to sleep.", "小镇已休息。"))
    switch.start(by=viewer, now=now)
    return done(request, "console:start", Words("The town wakes up.", "小镇已醒来。"))
