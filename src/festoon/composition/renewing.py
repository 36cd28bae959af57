"""Offers that stand on an older version of their preset, taken to the newest: only what the preset says changes.

The values that were given stay wherever they are still asked for, and of the same kind. What cannot come along is
named: values that nobody asks for any more, or that are of another kind now, rules of the offer's own that the
preset now says itself, and whatever keeps an offer where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from festoon.base.words import Words
from festoon.campaigns import over
from festoon.coupons import actions as coupons
from festoon.offers import queries
from festoon.offers.checks import Known, known
from festoon.offers.drafts import draft
from festoon.offers.from_preset import rules_of
from festoon.offers.models import Offer
from festoon.presets import library
from festoon.presets.form import filled
from festoon.presets.library import Entry
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, NotFound, Refusal
from festoon.records.viewer import Viewer
from festoon.review import machine

VERBS: dict[str, Any] = {promotions.KIND: promotions, coupons.KIND: coupons}
NEWEST = Words(en="It stands on the newest version already.", zh="已是预设的最新版本。")
MOVED = Words(en="The preset or the offer changed meanwhile; look again.", zh="预设或优惠刚有变动，请重新查看。")
NOT_NOW = {
    machine.IN_REVIEW: Words(en="It is in review.", zh="正在审核中。"),
    machine.REJECTED: Words(en="It was rejected.", zh="已被驳回。"),
    machine.RECALLED: Words(en="It was recalled.", zh="已被召回。"),
    machine.ARCHIVED: Words(en="It is archived.", zh="已归档。"),
}
"""Why an offer in this state stays as it is."""
OTHER_KIND = Words(en="The preset is for the other kind of offer now.", zh="预设现已改为另一类优惠。")


@dataclass(frozen=True, slots=True)
class Renewal:
    """One offer and what the newest version of its preset would make of it.

    `made` is the draft as it would be, None where `refusal` keeps it where it is. `lost` are the labels of values that
    nobody asks for any more or that are of another kind now, `yielded` the names of the offer's
    own rules that give way to the preset's.
    """

    offer: Offer
    before: Entry
    entry: Entry
    data: dict[str, Any]
    lost: Sequence[Words]
    yielded: Sequence[str]
    made: Offer | None = None
    refusal: Refusal | None = None


def behind(viewer: Viewer, rows: QuerySet[Offer]) -> QuerySet[Offer]:
    """Of these offers those that stand on an older version of a preset one may still use."""
    used = rows.filter(preset__gt="").order_by("preset").values_list("preset", flat=True).distinct()
    newest = {code: entry.version for code in used if (entry := _entry(viewer, code)) is not None}
    older = [Q(preset=code, draft__preset__version__lt=version) for code, version in newest.items()]
    return rows.filter(reduce(or_, older)) if older else rows.none()


def renewals(viewer: Viewer, offers: Iterable[Offer], *, now: datetime) -> list[Renewal]:
    """What the newest version would make of each that the viewer may change and that stands on an older one."""
    mine = behind(viewer, queries.own(viewer).filter(pk__in=[offer.pk for offer in offers]))
    have = known(viewer, now)
    return [
        _renewal(viewer, offer, have, now) for offer in mine.select_related("merchant").order_by("campaign", "code")
    ]


def renew(
    code: str, *, was: int, version: int, submit: bool, by: Viewer, now: datetime, have: Known | None = None
) -> Offer:
    """Take one offer from version `was` of its preset to `version`, as its draft; submitted at once where that is wished.

    What is live stays live until the new draft is agreed on, as with any edit. Its author stays its author; who took it
    along decides on it no more than the author does. `have`: what drafts may name, read once for many.
    *Twice*, or *late*, when the offer or the preset moved on: Conflict, and nothing is written. *Half-way*: draft and
    submission are one transaction.
    """
    by.require("offers.edit")
    rows = queries.own(by).filter(code=code)
    offer = behind(by, rows).first()
    if offer is None:
        raise Conflict("newest", NEWEST, field="preset") if rows.exists() else NotFound("offer")
    have = have or known(by, now)
    found = _renewal(by, offer, have, now)
    if (found.before.version, found.entry.version) != (was, version):
        raise Conflict("changed", MOVED, field="preset")
    if found.refusal is not None:
        raise found.refusal
    with transaction.atomic():
        over.hold([offer.campaign_id])
        (locked,) = queries.locked(by, [code], offer.kind)
        if locked.draft != offer.draft:
            raise Conflict("changed", MOVED, field="draft")
        kept: Offer = VERBS[offer.kind].edit(locked, found.data, by=by, now=now, have=have, same_author=True)
        if submit:
            kept = VERBS[offer.kind].submit(kept, by=by, now=now)
    return kept


def _renewal(by: Viewer, offer: Offer, have: Known, now: datetime) -> Renewal:
    used = offer.draft["preset"]
    entry = library.entry(by, used["code"])
    before = library.entry(by, used["code"], used["version"])
    asked, meant = ({each["name"]: each["kind"] for each in one.data["open"]} for one in (entry, before))
    values = {name: value for name, value in used["values"].items() if name in asked and asked[name] == meant.get(name)}
    gone = used["values"].keys() - values.keys()
    lost = [Words(**each["label"]) for each in before.data["open"] if each["name"] in gone]
    own = {name: value for name, value in offer.draft.items() if name not in {*rules_of(offer.draft, by), "terms"}}
    yielded = sorted(filled(entry.data, values).keys() & own.keys())
    data = {name: value for name, value in own.items() if name not in yielded} | offer.draft.get("terms", {})
    data["preset"] = {"code": entry.code, "version": entry.version, "values": values}
    found = Renewal(offer, before, entry, data, lost, yielded)
    try:
        return replace(found, made=_made(by, offer, entry, data, have, now))
    except Refusal as refusal:
        return replace(found, refusal=refusal)


def _made(by: Viewer, offer: Offer, entry: Entry, data: dict[str, Any], have: Known, now: datetime) -> Offer:
    if not machine.editable(offer.state):
        raise Conflict("in_review", NOT_NOW[offer.state], field="state", detail={"state": offer.state})
    if entry.data["kind"] != offer.kind:
        raise Conflict("wrong_kind", OTHER_KIND, field="preset")
    return draft(VERBS[offer.kind].ROOM, data, have, by=by, now=now)


def _entry(by: Viewer, code: str) -> Entry | None:
    try:
        return library.entry(by, code)
    except NotFound:
        return None
