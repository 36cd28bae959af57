"""The rule library: looking through it, one preset, and making one's own from an offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console import preset_page, queries
from festoon.console.offer_form import opening
from festoon.console.preset_parts import Leaf, leaves, opened
from festoon.console.screen import done, page, screen
from festoon.console.words import said
from festoon.offers import queries as offers
from festoon.offers.from_preset import as_preset
from festoon.offers.models import Offer
from festoon.presets import actions
from festoon.presets import queries as presets
from festoon.presets.models import Preset
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import Viewer
from festoon.review import machine

KEPT = Words("The preset is kept as a draft.", "预设已保存为草稿。")
SUBMITTED = Words("Submitted: who has to agree finds it in the inbox.", "已提交，审核人会在待办中看到。")
RECALLED = Words("Recalled: no new offer uses it.", "已召回，新优惠不再可用。")


@screen
def library(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Every preset the viewer may use or works on."""
    viewer.require("offers.read")
    own, house = preset_page.cards(viewer, request.GET.get("q", ""))
    return page(request, "console/presets.html", {"own": own, "house_cards": house, "asked": request.GET})


@screen
def preset(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """One preset."""
    viewer.require("offers.read")
    return page(request, "console/preset.html", preset_page.context(viewer, code, now=timezone.now()))


@screen
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One's own, from the rules of an offer; one ticks what shall be asked for each time."""
    viewer.require("presets.edit")
    offer = offers.own(viewer).filter(code=request.GET.get("from", "")).first()
    if offer is None:
        return page(
            request, "console/preset_from.html", {"offers": offers.own(viewer).order_by("-edited_at", "-id")[:100]}
        )
    content = _of(offer)
    if request.method == "POST":
        return _kept(request, viewer, content, None)
    return _drawn(request, viewer, content, {"code": f"{offer.code}-rule"[:96]}, ())


@screen
def edit(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The draft of one's own, or its next version: offers made from it keep theirs."""
    viewer.require("presets.edit")
    row = presets.own(viewer).filter(code=code).first()
    if row is None:
        raise NotFound("preset")
    if not machine.editable(row.state):
        return redirect("console:preset", code)
    if request.method == "POST":
        return _kept(request, viewer, row.draft, row)
    return _drawn(request, viewer, row.draft, {"code": code}, (), row)


@require_POST
@screen
def act(request: HttpRequest, viewer: Viewer, code: str, verb: str) -> HttpResponse:
    """Submit it, or recall it."""
    viewer.require("presets.edit")
    row = presets.own(viewer).filter(code=code).first()
    if row is None or verb not in ("submit", "recall"):
        raise NotFound("preset")
    now = timezone.now()
    if verb == "submit":
        actions.submit(row, by=viewer, now=now)
    else:
        actions.recall(row, why=request.POST.get("why", ""), by=viewer, now=now)
    return done(request, resolve_url("console:preset", code), SUBMITTED if verb == "submit" else RECALLED)


def _of(offer: Offer) -> dict[str, Any]:
    content = as_preset(offer)
    return {**content, "about": {"en": "", "zh": ""}}


def _kept(request: HttpRequest, viewer: Viewer, content: Mapping[str, Any], row: Preset | None) -> HttpResponse:
    post, now = request.POST, timezone.now()
    found = leaves(content, opening.terms(viewer, queries.house(viewer)))
    made = {
        **opened(content, _ticked(request, found)),
        "name": {language: post.get(f"name.{language}", "").strip() for language in ("en", "zh")},
        "about": {language: post.get(f"about.{language}", "").strip() for language in ("en", "zh")},
    }
    faults = [words for field, words in UNTOLD.items() if not all(made[field].values())]
    try:
        if not faults:
            kept = _keep(row, {**made, "code": post.get("code", "")}, viewer, now, post.get("key", ""))
            return done(request, resolve_url("console:preset", kept.code), KEPT)
    except Refusal as refusal:
        listed = refusal.detail.get("problems") or [{"words": refusal.words.to_data(), "field": refusal.field}]
        faults = [
            Words(f"{each['field']}: {each['words']['en']}", f"{each['field']}：{each['words']['zh']}")
            for each in listed
        ]
    return _drawn(request, viewer, made, {"code": post.get("code", "")}, [said(words) for words in faults], row)


UNTOLD = {
    "name": Words("Write the name in both languages.", "请填写中英文名称。"),
    "about": Words("Say in both languages what it is for.", "请用中英文说明用途。"),
}


def _keep(row: Preset | None, made: Mapping[str, Any], viewer: Viewer, now: datetime, key: str) -> Preset:
    return (
        actions.create(made, by=viewer, now=now, key=key)
        if row is None
        else actions.edit(row, made, by=viewer, now=now)
    )


def _ticked(request: HttpRequest, found: list[Leaf]) -> dict[str, Words]:
    """What is left open, with what to ask for."""
    ticked = request.POST.getlist("open")
    return {
        leaf.name: Words(*(request.POST.get(f"label.{leaf.name}.{language}", "").strip() or own
                           for language, own in leaf.words.to_data().items()))
        for leaf in found if leaf.name in ticked and leaf.openable
    }  # fmt: skip


def _drawn(
    request: HttpRequest, viewer: Viewer, content: Mapping[str, Any], more: Mapping[str, Any], faults: Any,
    row: Preset | None = None,
) -> HttpResponse:  # fmt: skip
    found = leaves(content, opening.terms(viewer, queries.house(viewer)))
    context = {**more, "row": row, "content": content, "leaves": found, "faults": faults,
               "sentence": preset_page.sentence_of(content, queries.currency(viewer))}  # fmt: skip
    return page(request, "console/preset_edit.html", context, status=422 if faults else 200)
