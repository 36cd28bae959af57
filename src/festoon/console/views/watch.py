"""Stops and burn rates: what is stopped now, everything if need be, and the rules that stop what is given too fast."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console import queries as names
from festoon.console.screen import done, page, screen
from festoon.console.watch_form import WatchForm
from festoon.offers import actions, burning
from festoon.offers.burns import queries as burns
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer

SET = Words("The rule watches now.", "规则已生效。")
ENDED = Words("The rule was ended.", "规则已结束。")
STOPPED = Words("Stopped. Nothing more is granted.", "已停用，不再发放或使用新的优惠。")
LIFTED = Words("The stop is lifted.", "已解除停用。")
EVERYTHING = Words("Everything", "全部优惠")


@screen
def watch(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The rules and the last alarms; posted to, it sets a rule."""
    viewer.require("offers.stop")
    form = WatchForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if form.is_valid() and _set(form, viewer):
        return done(request, "console:watch", SET)
    rules, alarms = list(burns.burn_rules(viewer).select_related("merchant")), list(burns.alarms(viewer)[:20])
    stops = list(names.stops_shown(viewer).exclude(kind="claims"))
    named: list[Any] = [*stops, *rules, *(alarm.rule for alarm in alarms)]
    context = {
        "platform": viewer.is_platform,
        "rules": rules,
        "alarms": alarms,
        "stops": stops,
        "all_stopped": any(stop.kind == actions.EVERYTHING for stop in stops),
        "names": names.thing_names(viewer, [(each.kind, each.code) for each in named]) | {"": EVERYTHING},
        "form": form,
    }
    return page(request, "console/watch.html", context)


def _set(form: WatchForm, viewer: Viewer) -> bool:
    """Whether the rule holds from now on; else the form says why not."""
    kind, code = form.thing
    try:
        burning.set_rule(kind, code, **form.terms(), by=viewer, now=timezone.now())
    except Invalid as refusal:
        form.refuse(refusal)
    return not form.errors


@require_POST
@screen
def end(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Watch it no more."""
    kind, code = _of(request)
    burning.end_rule(kind, code, by=viewer, now=timezone.now())
    return done(request, "console:watch", ENDED)


@require_POST
@screen
def halt(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Grant nothing more by an offer, a campaign or everything."""
    kind, code = _of(request)
    actions.stop(kind, code, why=request.POST.get("why", ""), by=viewer, now=timezone.now())
    return done(request, "console:watch", STOPPED)


@require_POST
@screen
def lift(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Grant again."""
    kind, code = _of(request)
    actions.lift(kind, code, why=request.POST.get("why", ""), by=viewer, now=timezone.now())
    return done(request, "console:watch", LIFTED)


def _of(request: HttpRequest) -> tuple[str, str]:
    """What it is about: `offer:<code>`, `campaign:<code>`, `all:`."""
    kind, _, code = request.POST.get("of", "").partition(":")
    return kind, code
