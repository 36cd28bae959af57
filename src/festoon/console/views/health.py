"""Health: what stands where, the invariants with their last check, jobs one may pause, alarms one has to see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.checkout import auditing
from festoon.console import health as house
from festoon.console import queries as names
from festoon.console.screen import done, page, screen
from festoon.offers import burning
from festoon.records import jobs
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

ASKED = Words("Every invariant is being checked.", "正在检查所有不变量。")
VERBS = {
    "pause": (jobs.pause, Words("The job rests.", "任务已暂停。")),
    "resume": (jobs.resume, Words("The job goes on.", "任务继续执行。")),
    "cancel": (jobs.cancel, Words("The job was ended.", "任务已取消。")),
}
SEEN = Words("Noted.", "已知悉。")


@screen
def health(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Where everything stands."""
    viewer.require("data.read")
    alarms = house.alarms(viewer)
    checks, now = house.checks(viewer), timezone.now()
    unheard, more = house.unheard(viewer, now=now)
    context = {
        "sum": house.summed(checks),
        "facts": house.facts(viewer),
        "jobs": house.jobs(viewer),
        "checks": checks,
        "unheard": unheard,
        "unheard_more": more,
        "stuck": house.stuck(viewer, now=now),
        "alarms": alarms,
        "names": names.thing_names(viewer, [(alarm.rule.kind, alarm.rule.code) for alarm in alarms]),
        "may_run": viewer.may("jobs.run"),
        "may_stop": viewer.may("offers.stop"),
    }
    return page(request, "console/health.html", context)


@require_POST
@screen
def check(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Have every invariant checked."""
    auditing.ask(by=viewer, now=timezone.now())
    return done(request, "console:health", ASKED)


@require_POST
@screen
def job(request: HttpRequest, viewer: Viewer, number: int, verb: str) -> HttpResponse:
    """Pause, resume or end a job."""
    if verb not in VERBS:
        raise NotFound("verb")
    act, said = VERBS[verb]
    act(number, by=viewer, now=timezone.now())
    return done(request, "console:health", said)


@require_POST
@screen
def see(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """Take an alarm off the screen."""
    burning.see(number, by=viewer, now=timezone.now())
    return done(request, "console:health", SEEN)
