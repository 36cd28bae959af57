"""Start here: things to do with one click, and what the town does meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.catalog.people import viewer_of
from festoon.console.links import links
from festoon.console.screen import done, made_up, page, screen
from festoon.demo.town import switch
from festoon.records.viewer import Viewer
from festoon.review import house
from festoon.review import queries as reviews


@screen
def start(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The landing page."""
    now = timezone.now()
    context = {
        "town": switch.status(viewer, now=now) if viewer.may("jobs.run") else None,
        "waiting": reviews.waiting(viewer, now),
        "reviewer": _reviewer(request, now),
        "links": links(viewer, now=now),
        "by_rule": house.by_rule(viewer) if viewer.is_platform and viewer.may("catalog.read") else (),
        "may_configure": viewer.may("review.configure"),
        "year": viewer.is_platform and viewer.may("data.read"),
    }
    return page(request, "console/start.html", context)


def _reviewer(request: HttpRequest, now: datetime) -> Any:
    """Of made-up people: the one for whom most waits, and who is not there already."""
    found = [(reviews.waiting(viewer_of(each.user), now), each) for each in made_up(request)]
    most, person = max(found, key=lambda each: each[0], default=(0, None))
    return person if most else None


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
