"""Writing an offer: the wall of types, the form with what it would do beside it, keeping and submitting the draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.console import offer_taking as taking
from festoon.console import queries, unfinished, wall
from festoon.console.offer_desk import VERBS, Desk, desk, faults_of
from festoon.console.offer_edit_page import context
from festoon.console.offer_form import opening, steps
from festoon.console.offer_form.form import Form
from festoon.console.offer_steps import SUBMITTED
from festoon.console.screen import done, inside, page, person_of, screen
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import Viewer
from festoon.review import machine

KEPT = Words("The draft is kept.", "草稿已保存。")
FORGOTTEN = Words("What you began is gone.", "已放弃未保存的内容。")
SAVE, GO_ON, SUBMIT = "save", "go-on", "submit"


@screen
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The wall of types; with a rule in the address, its form; with `like`, the form of an offer that is there, as a copy."""
    viewer.require("offers.edit")
    now = timezone.now()
    if request.method == "POST":
        return _posted(request, viewer, None, now)
    if asked := request.GET.get("unfinished"):
        return _gone_on(request, viewer, asked, now)
    if request.GET.get("like"):
        return _shown(request, viewer, opening.like(viewer, _own(viewer, request.GET["like"])), None, now)
    if not request.GET.get("rule"):
        text = request.GET.get("q", "").strip()
        shelves = wall.wall(viewer, text, queries.currency(viewer))
        began = unfinished.begun_by(viewer, person_of(request), now=now)
        return page(request, "console/wall.html", {"shelves": shelves, "asked": request.GET, "unfinished": began})
    form = opening.fresh(viewer, request.GET, now)
    taking.kept_basket(request, form)
    began = unfinished.begun_by(viewer, person_of(request), now=now, rule=opening.named(form.rule))
    return _shown(request, viewer, form, None, now, {"unfinished": began})


@require_POST
@screen
def forget(request: HttpRequest, viewer: Viewer, begun: str) -> HttpResponse:
    """Forget what one began."""
    unfinished.drop(person_of(request), begun, by=viewer)
    return done(
        request, inside(request, request.headers.get("Referer", ""), resolve_url("console:offer-new")), FORGOTTEN
    )


def _gone_on(request: HttpRequest, viewer: Viewer, begun: str, now: datetime) -> HttpResponse:
    found = [row for row in unfinished.begun_by(viewer, person_of(request), now=now) if row.begun == begun]
    if not found:
        raise NotFound("offer")
    return _shown(request, viewer, unfinished.form_of(viewer, found[0]), None, now, {"begun": begun})


@screen
def edit(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The form of a draft; of what is live, the next version, which is reviewed as a difference."""
    viewer.require("offers.edit")
    now = timezone.now()
    offer = _own(viewer, code)
    if not machine.editable(offer.state):
        return redirect("console:offer", code)
    if request.method == "POST":
        return _posted(request, viewer, offer, now)
    form = opening.of_offer(viewer, offer)
    taking.kept_basket(request, form)
    return _shown(request, viewer, form, offer, now)


def _own(viewer: Viewer, code: str) -> Offer:
    found = offers.own(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("offer")
    return found


def _posted(request: HttpRequest, viewer: Viewer, offer: Offer | None, now: datetime) -> HttpResponse:
    form = opening.posted(viewer, request.POST, offer)
    wish = request.POST.get("do", "")
    if wish in (SAVE, GO_ON, SUBMIT):
        return _kept(request, viewer, form, offer, now, wish)
    told: Mapping[str, Any] = {}
    if not steps.do(form, wish):
        told = taking.told(request, viewer, form, wish, now=now)
    else:
        told = taking.still_found(request, viewer, form, wish, now=now)
    if offer is None:
        unfinished.keep(person_of(request), request.POST.get("begun", ""), form, by=viewer, now=now)
    return _shown(request, viewer, form, offer, now, told)


def _kept(
    request: HttpRequest, viewer: Viewer, form: Form, offer: Offer | None, now: datetime, wish: str
) -> HttpResponse:
    """Keep the draft, and submit it if that was wished; else the form again, with every fault at its field."""
    found = desk(form, by=viewer, now=now)
    if found.faults:
        return _again(request, viewer, found, offer, now)
    verbs, key = VERBS[form.rule.kind], request.POST.get("key", "")
    try:
        if offer is None:
            kept = verbs.create(found.data, by=viewer, now=now, key=key)
            unfinished.drop(person_of(request), request.POST.get("begun", ""), by=viewer)
        else:
            kept = verbs.edit(offer, found.data, by=viewer, now=now, read=_read(request, offer))
    except Refusal as refusal:
        seen = {"read": offer.edited_at} if offer and refusal.code == "changed" else {}
        return _again(request, viewer, _refused(form, found, refusal), offer, now, seen)
    if wish == SUBMIT:
        return _submitted(request, viewer, kept, now)
    return done(request, resolve_url("console:exclusions" if wish == GO_ON else "console:offer-edit", kept.code), KEPT)


def _submitted(request: HttpRequest, viewer: Viewer, kept: Offer, now: datetime) -> HttpResponse:
    """Submit a draft that was kept; refused, it stays kept: the page on which it is edited, with what is in the way.

    What is sent from there goes on with this draft, though a new offer was sent from elsewhere.
    """
    try:
        VERBS[kept.kind].submit(kept, by=viewer, now=now)
    except Refusal as refusal:
        offer = _own(viewer, kept.code)
        form = opening.posted(viewer, request.POST, offer)
        told = _refused(form, desk(form, by=viewer, now=now), refusal)
        there = resolve_url("console:offer-edit", offer.code)
        return _again(request, viewer, told, offer, now, {"kept": True, "sent_to": there, "read": offer.edited_at})
    return done(request, resolve_url("console:offer", kept.code), SUBMITTED)


def _refused(form: Form, found: Desk, refusal: Refusal) -> Desk:
    """The same form with what a verb said to it."""
    return Desk(form, found.data, faults_of(refusal, form), None)


def _again(
    request: HttpRequest, viewer: Viewer, found: Desk, offer: Offer | None, now: datetime, more: Mapping[str, Any] = {}
) -> HttpResponse:  # fmt: skip
    shown = Desk(found.form.showing(found.errors), found.data, found.faults, None)
    told = {**_carried(request, offer), **context(viewer, shown, offer, now, refused=True), **more}
    return page(request, "console/offer_edit.html", told, status=422)


def _shown(
    request: HttpRequest, viewer: Viewer, form: Form, offer: Offer | None, now: datetime, told: Mapping[str, Any] = {}
) -> HttpResponse:  # fmt: skip
    found = desk(form, by=viewer, now=now)
    shown = {**_carried(request, offer), **context(viewer, found, offer, now), **told}
    return page(request, "console/offer_edit.html", shown)


def _carried(request: HttpRequest, offer: Offer | None) -> Mapping[str, Any]:
    """What a page takes on to the next: the number of what was begun, or when what is changed here had been edited."""
    if offer is not None:
        return {"read": _read(request, offer)}
    return {"begun": unfinished.number(request.POST.get("begun", ""))}


def _read(request: HttpRequest, offer: Offer) -> datetime:
    """When the draft had been edited that the person opened, however often the page was drawn since."""
    try:
        return datetime.fromisoformat(request.POST.get("read", ""))
    except ValueError:
        return offer.edited_at
