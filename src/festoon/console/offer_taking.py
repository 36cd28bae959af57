"""The buttons of the form that need more than what stands in it: lists, files, searches, the basket one keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from festoon.console import offer_preview, offer_worst, scope_picker
from festoon.console.offer_desk import desk
from festoon.console.offer_form.form import Form
from festoon.console.offer_form.raw import MARK, at, flat, put, text, texts
from festoon.console.offer_form.steps import put_rows
from festoon.console.words import said
from festoon.offers import queries as offers
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

KEPT = "offer-basket"
Told = Mapping[str, Any]


def told(request: HttpRequest, viewer: Viewer, form: Form, wish: str, *, now: datetime) -> Told:
    """Do what the button says (`paste:scope`, `file:scope`, `find:scope`, `keep`, `auto`, `own`); what to say of it."""
    name, _, place = wish.partition(":")
    return WAYS[name](request, viewer, form, place, now) if name in WAYS else {}


def still_found(request: HttpRequest, viewer: Viewer, form: Form, wish: str, *, now: datetime) -> Told:
    """What was found stays while one thing after the other is taken from it."""
    step, _, where = wish.partition(":")
    for name, typed in flat(form.raw):
        place = name.removeprefix("q-")
        if place == name or place.endswith("=") or not text(typed):
            continue
        if place == step or (step == "take" and where.startswith(place)):
            return _find(request, viewer, form, place, now)
    return {}


def kept_basket(request: HttpRequest, form: Form) -> None:
    """Put the basket that this person keeps into the form."""
    if kept := request.session.get(KEPT):
        _put_basket(form, kept)


def _paste(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    del request
    skus = [sku for line in texts(form.raw.get(f"paste-{place}")) for sku in line.replace(",", " ").split()]
    return _take(viewer, form, place, skus, "paste", now)


def _file(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    given = request.FILES.get(f"file-{place}")
    if given is None:
        return {}
    try:
        skus = scope_picker.skus_of(given.name or "", given.read(scope_picker.MOST_BYTES + 1))
    except Refusal as refusal:
        return {"taken_at": place, "taken": {"from": "file", "count": 0, "error": said(refusal.words)}}
    return _take(viewer, form, place, skus, "file", now)


def _take(viewer: Viewer, form: Form, place: str, skus: list[str], way: str, now: datetime) -> Told:
    taken, sheet = scope_picker.listed(viewer, skus, name=way, now=now)
    steps = place.split(".")
    if taken:
        put(form.raw, [*steps, "sku"], [*texts(at(form.raw, [*steps, "sku"])), *taken])
        put(form.raw, [*steps, "which"], ["some"])
    return {"taken_at": place, "taken": {"from": way, "count": len(taken), "sheet": sheet}}


def _find(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    asked = text(at(form.raw, f"q-{place}".split(".")))
    found = scope_picker.results(viewer, asked, now=now) if asked else None
    return {"found_at": place, "asked": asked, "found": found, "at": place, "action": request.get_full_path(),
            "one": place.endswith(".="), "basket": place == "basket"}  # fmt: skip


def _keep(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    del viewer, place, now
    rows = form.raw.get("basket") or {}
    request.session[KEPT] = {text(row.get("sku")): text(row.get("quantity")) for row in rows.values()}
    return {}


def _auto(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    del viewer, place, now
    form.raw.pop("basket", None)
    request.session.pop(KEPT, None)
    return {}


def _own(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    del request, place
    made = desk(form, by=viewer, now=now).made
    shown = offer_preview.preview(made, {}, "", by=viewer, now=now) if made else None
    if shown:
        _put_basket(form, {product.sku: str(count) for product, count in shown.lines})
    return {}


def _put_basket(form: Form, lines: Mapping[str, str]) -> None:
    put_rows(form.raw, ["basket"], [{MARK: [""], "sku": [sku], "quantity": [count]} for sku, count in lines.items()])


def _worst(request: HttpRequest, viewer: Viewer, form: Form, place: str, now: datetime) -> Told:
    """The deepest that may come of the draft as it stands, looked for now; an edit outdates it."""
    del request, place
    made = desk(form, by=viewer, now=now).made
    if made is None:
        return {}
    kept = offers.own(viewer).filter(code=made.code).first()
    return {**offer_worst.found(viewer, made, kept, now=now), "sought": True}


WAYS: Mapping[str, Callable[[HttpRequest, Viewer, Form, str, datetime], Told]] = {
    "paste": _paste, "file": _file, "find": _find, "keep": _keep, "auto": _auto, "own": _own, "worst": _worst,
}  # fmt: skip
