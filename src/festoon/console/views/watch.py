"""Burn rates: the rules that stop what is given too fast, and what they stopped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console import queries as names
from festoon.console.screen import done, page, screen
from festoon.offers import burning, queries
from festoon.offers.burns import queries as burns
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer

SET = Words("The rule watches now.", "规则已生效。")
ENDED = Words("The rule was ended.", "规则已结束。")
WHOLE = Words("Write a whole number here.", "这里要填整数。")


@screen
def watch(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The rules and the last alarms; posted to, it sets a rule."""
    viewer.require("offers.stop")
    if request.method == "POST":
        kind, _, code = request.POST.get("of", "").partition(":")
        burning.set_rule(
            kind, code, factor=_whole(request, "factor"), minutes=_whole(request, "minutes"),
            per_hour=_whole(request, "per_hour") if request.POST.get("per_hour") else None,
            by=viewer, now=timezone.now(),
        )  # fmt: skip
        return done(request, "console:watch", SET)
    rules, alarms = list(burns.burn_rules(viewer)), list(burns.alarms(viewer)[:20])
    context = {
        "rules": rules,
        "alarms": alarms,
        "names": names.offer_names(viewer, {rule.code for rule in (*rules, *(alarm.rule for alarm in alarms))}),
        "offers": queries.own(viewer).filter(state="released").order_by("code").defer("draft")[:500],
    }
    return page(request, "console/watch.html", context)


@require_POST
@screen
def end(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Watch it no more."""
    kind, _, code = request.POST.get("of", "").partition(":")
    burning.end_rule(kind, code, by=viewer, now=timezone.now())
    return done(request, "console:watch", ENDED)


def _whole(request: HttpRequest, name: str) -> int:
    try:
        return int(request.POST.get(name, ""))
    except ValueError:
        raise Invalid("not_whole", WHOLE, field=name) from None
