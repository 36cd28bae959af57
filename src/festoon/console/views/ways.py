"""The ways there are for a draft and for what is out: submit, withdraw, open again, recall; of every kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import queries as themes
from festoon.console.screen import done, inside, screen
from festoon.coupons import actions as coupons
from festoon.distribution import actions as distributions
from festoon.distribution import queries as spread
from festoon.offers import actions as offers
from festoon.offers import queries
from festoon.presets import actions as rules
from festoon.presets import queries as presets
from festoon.promotions import actions as promotions
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

SAID = {
    "submit": Words(
        "Submitted: everybody who has to agree finds it in the inbox.", "已提交，相关审核人会在待办中看到。"
    ),
    "withdraw": Words("Withdrawn: it is a draft again.", "已撤回为草稿。"),
    "reopen": Words(
        "It is a draft again; it comes back only by a new review.", "已重新打开为草稿，须再次审核才能生效。"
    ),
    "recall": Words("Recalled: nothing more is granted from now on.", "已召回，即刻停止发放。"),
}
OF_OFFERS: Mapping[str, Any] = {promotions.KIND: promotions, coupons.KIND: coupons}
Act = Callable[[HttpRequest, Viewer, str, str, datetime], None]


@require_POST
@screen
def go(request: HttpRequest, viewer: Viewer, kind: str, code: str, verb: str) -> HttpResponse:
    """Do it, and go back to where the button was."""
    if kind not in KINDS or verb not in SAID:
        raise NotFound("verb")
    KINDS[kind](request, viewer, code, verb, timezone.now())
    back = inside(request, request.headers.get("Referer", ""), resolve_url("console:start"))
    return done(request, back, SAID[verb])


def _offer(request: HttpRequest, viewer: Viewer, code: str, verb: str, now: datetime) -> None:
    found = queries.own(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("offer")
    if verb != "recall":
        getattr(OF_OFFERS[found.kind], verb)(found, by=viewer, now=now)
        return
    given = request.POST
    if found.kind == coupons.KIND:
        coupons.recall(
            code, outstanding=given.get("outstanding", ""), why=given.get("why", ""), by=viewer, now=now,
            compensation=given.get("compensation", "").strip(), key=given.get("key", ""),
        )  # fmt: skip
    else:
        offers.recall("offer", code, why=given.get("why", ""), by=viewer, now=now)


def _campaign(request: HttpRequest, viewer: Viewer, code: str, verb: str, now: datetime) -> None:
    del request
    if verb == "recall":
        raise NotFound("verb")  # a campaign is recalled whole, on its own page
    getattr(campaigns, verb)(themes.campaign(viewer, code), by=viewer, now=now)


def _distribution(request: HttpRequest, viewer: Viewer, code: str, verb: str, now: datetime) -> None:
    found = spread.distribution(viewer, code)
    more = {"why": request.POST.get("why", "")} if verb == "recall" else {}
    getattr(distributions, verb)(found, by=viewer, now=now, **more)


def _preset(request: HttpRequest, viewer: Viewer, code: str, verb: str, now: datetime) -> None:
    more = {"why": request.POST.get("why", "")} if verb == "recall" else {}
    getattr(rules, verb)(presets.preset(viewer, code), by=viewer, now=now, **more)


KINDS: Mapping[str, Act] = {
    "offer": _offer,
    "campaign": _campaign,
    "distribution": _distribution,
    "preset": _preset,
}
