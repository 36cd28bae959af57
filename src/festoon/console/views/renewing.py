"""Offers that stand on an older version of their preset, and taking the ticked ones to the newest."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.utils import timezone

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.composition.renewing import behind, renew
from festoon.console import renewal_page
from festoon.console.screen import done, page, screen
from festoon.console.words import said
from festoon.offers import queries as offers
from festoon.offers.checks import known
from festoon.offers.models import Offer
from festoon.presets import library
from festoon.records.names import name_of
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

MOST = 100
"""So many are looked at, and taken, at once."""
NONE = Words("Tick something first.", "请先勾选。")


@screen
def newest(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those of a preset, of a campaign, or all one may change; posted, each ticked one by itself, with its own answer."""
    viewer.require("offers.edit")
    now = timezone.now()
    if request.method == "POST":
        return _taken(request, viewer, now)
    rows = behind(viewer, _asked(viewer, request.GET)).order_by("campaign", "code")
    told, count = renewal_page.told(viewer, rows[:MOST], now=now), rows.count()
    return page(
        request, "console/newest.html", {"found": told, "more": max(0, count - MOST), **_of(viewer, request.GET)}
    )


def _asked(viewer: Viewer, asked: QueryDict) -> QuerySet[Offer]:
    rows = offers.own(viewer)
    if asked.get("preset"):
        return rows.filter(preset=asked["preset"])
    return rows.filter(campaign__code=asked["campaign"]) if asked.get("campaign") else rows


def _of(viewer: Viewer, asked: QueryDict) -> dict[str, object]:
    """Where one came from, by its name."""
    if code := asked.get("preset"):
        return {"over": said(library.entry(viewer, code).name), "back": resolve_url("console:preset", code)}
    if code := asked.get("campaign"):
        return {"over": said(name_of(campaigns.campaign(viewer, code))), "back": resolve_url("console:campaign", code)}
    return {"over": "", "back": resolve_url("console:offers")}


def _taken(request: HttpRequest, viewer: Viewer, now: datetime) -> HttpResponse:
    """Each in a transaction of its own: what was done stands, whatever happens to the next."""
    picks = [pick.split(" ", 2) for pick in request.POST.getlist("pick")[:MOST]]
    if not picks:
        return done(request, request.get_full_path(), NONE)
    names = offers.own(viewer).filter(code__in=[pick[-1] for pick in picks]).in_bulk(field_name="code")
    answers, have = [], known(viewer, now)
    for was, version, code in (pick for pick in picks if len(pick) == 3):
        submit, told = "submit" in request.POST, ""
        try:
            renew(code, was=_number(was), version=_number(version), submit=submit, by=viewer, now=now, have=have)
        except Refusal as refusal:
            told = said(refusal.words)
        answers.append((said(name_of(names[code])) if code in names else code, told))
    well = sum(not told for _, told in answers)
    return page(request, "console/newest_done.html", {
        "answers": answers, "well": well, "rest": len(answers) - well, **_of(viewer, request.GET),
    })  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
