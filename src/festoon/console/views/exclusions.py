"""What an offer excludes: its step, one pair, the matrix of a campaign or a day, the shop's policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.console import asked, exclusion_page, matrix_page
from festoon.console.offer_desk import VERBS
from festoon.console.offer_steps import SUBMITTED
from festoon.console.screen import done, inside, page, screen, zone_of
from festoon.console.words import said
from festoon.offers import caution, exclusions, queries
from festoon.offers.models import Offer
from festoon.records.refusal import Invalid, NotFound, Refusal
from festoon.records.viewer import Viewer
from festoon.review.machine import EDITABLE

TAKEN_BACK = Words("Taken back: the two combine again.", "已取消：两项优惠可再次叠加。")
LIFTED = Words("Lifted. Who lifted it and why is written down.", "已解除，解除人与原因已记录。")
NOTHING = Words("Tick the offers that must not be used together with this one.", "请勾选不可与本优惠同享的优惠。")


@screen
def step(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Everything that meets an offer, to be ticked."""
    return page(
        request, "console/exclusions.html", exclusion_page.step(viewer, code, request.GET.dict(), now=timezone.now())
    )


@screen
def pair(request: HttpRequest, viewer: Viewer, code: str, other: str) -> HttpResponse:
    """Two offers: why they do or do not combine, with a basket."""
    return page(request, "console/exclusion.html", exclusion_page.pair(viewer, code, other, now=timezone.now()))


@screen
def tick(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Exclude what was ticked, each by itself: what was refused is told with its reason, the rest stands.

    With `submit` the offer goes to review after that, unless something was refused. What cannot be meant as it was typed
    is shown again, to be mended. Whoever only looks, as after a change of language, is shown the step.
    """
    if request.method != "POST":
        return redirect("console:exclusions", code)
    offer, given = queries.offer(viewer, code), request.POST
    others, submit = list(dict.fromkeys(given.getlist("other"))), "submit" in given
    if not others and not submit:
        return _again(request, viewer, code, {"": Invalid("nothing", NOTHING, field="other")})
    refused = _refused(request, viewer, offer, others)
    wrong = {other: each for other, each in refused.items() if isinstance(each, Invalid)}
    for reason in dict.fromkeys(said(each.words) for other, each in refused.items() if other not in wrong):
        messages.error(request, reason)
    if made := len(others) - len(refused):
        messages.success(request, said(_ticked(offer, made)))
    if wrong:
        return _again(request, viewer, code, wrong)
    if not submit or refused:
        return redirect(_back(request, code))
    if not queries.own(viewer).filter(pk=offer.pk).exists():
        raise NotFound("offer")
    VERBS[offer.kind].submit(offer, by=viewer, now=timezone.now())
    return done(request, resolve_url("console:offer", code), SUBMITTED)


@require_POST
@screen
def untick(request: HttpRequest, viewer: Viewer, code: str, number: str) -> HttpResponse:
    """Take an exclusion of this offer back."""
    one = queries.exclusion_of(viewer, number)
    if code not in (one.first.code, one.second.code):
        raise NotFound("exclusion")
    exclusions.untick(one, why=request.POST.get("why", ""), by=viewer, now=timezone.now())
    return done(request, _back(request, code), LIFTED if one.lock else TAKEN_BACK)


@require_POST
@screen
def unlock(request: HttpRequest, viewer: Viewer, code: str, other: str) -> HttpResponse:
    """Lift what the shop's policy asks for between a coupon and a promotion."""
    pair = sorted((queries.offer(viewer, code), queries.offer(viewer, other)), key=lambda each: each.kind)
    exclusions.lift(pair[0], pair[1], why=request.POST.get("why", ""), by=viewer, now=timezone.now())
    return done(request, _back(request, code), LIFTED)


@screen
def campaign_matrix(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """All offers of a campaign, two by two."""
    campaign = campaigns.campaign(viewer, code)
    drawn = matrix_page.of_campaign(viewer, campaign, request.GET.dict(), now=timezone.now())
    return page(request, "console/matrix.html", {"campaign": campaign, **drawn})


@screen
def day_matrix(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All offers of a day, two by two."""
    now, zone = timezone.now(), zone_of(viewer)
    day = asked.day(request.GET.get("day", "")) or now.astimezone(zone).date()
    drawn = matrix_page.of_day(viewer, day, zone, request.GET.dict(), now=now)
    return page(
        request,
        "console/matrix.html",
        {"day": day, "at": datetime(day.year, day.month, day.day, 12, tzinfo=zone), **drawn},
    )


@screen
def policies(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The shop's policies on exclusions, what each says, and who set it."""
    set_by = queries.cautions(viewer)
    rows: list[Any] = [
        {"policy": each, "on": caution.on(code), "set": set_by.get(code)} for code, each in caution.POLICIES.items()
    ]
    return page(request, "console/policies.html", {"policies": rows, "may": viewer.may("review.configure")})


@require_POST
@screen
def policy(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Turn a policy on or off."""
    on = request.POST.get("on") == "yes"
    caution.set_policy(code, on=on, by=viewer, now=timezone.now())
    return done(request, "console:policies", Words("It is on.", "已启用。") if on else Words("It is off.", "已停用。"))


def _refused(request: HttpRequest, viewer: Viewer, offer: Offer, others: Sequence[str]) -> dict[str, Refusal]:
    """Exclude each of the others; what was said of those that could not be."""
    found: dict[str, Refusal] = {}
    for other in others:
        try:
            _tick(request, viewer, offer, queries.offer(viewer, other))
        except Refusal as refusal:
            found[other] = refusal
    return found


def _tick(request: HttpRequest, viewer: Viewer, offer: Offer, other: Offer) -> None:
    given = request.POST
    ends = {name: given.get(name, "").strip() for name in ("start", "end")}
    window = {name: value for name, value in ends.items() if value}
    why = given.get("why", "").strip()
    exclusions.tick(
        offer, other, grain=given.get("grain", "line"), reason=Words(why, why) if why else None,
        window={**window, "zone": offer.merchant.zone} if window else None, by=viewer, now=timezone.now(),
    )  # fmt: skip


def _again(request: HttpRequest, viewer: Viewer, code: str, wrong: Mapping[str, Invalid]) -> HttpResponse:
    """The page from which was sent, with what was typed, what of the ticked is `wrong`, and why."""
    faults, now = exclusion_page.wrong([*wrong.values()]), timezone.now()
    told = {
        "typed": request.POST.dict(), "ticked": [*wrong], "wrong": faults, "wrong_at": [each.name for each in faults],
    }  # fmt: skip
    if other := request.POST.get("pair"):
        drawn = exclusion_page.pair(viewer, code, other, now=now)
        return page(request, "console/exclusion.html", {**drawn, **told}, status=422)
    drawn = exclusion_page.step(viewer, code, request.GET.dict(), now=now)
    return page(request, "console/exclusions.html", {**drawn, **told}, status=422)


def _ticked(offer: Offer, made: int) -> Words:
    if offer.state in EDITABLE:
        return Words(
            f"Excluded: {made}. They go to review with this offer.", f"已设互斥 {made} 项，将随本优惠一并审核。"
        )
    return Words(
        f"Excluded: {made}. It holds when it is agreed on and both are live.",
        f"已设互斥 {made} 项，审核通过且双方上线后生效。",
    )


def _back(request: HttpRequest, code: str) -> str:
    return inside(request, request.POST.get("next", ""), resolve_url("console:exclusions", code))
