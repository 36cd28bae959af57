"""Making and changing drafts: the same for promotions and coupons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from festoon.base.words import Words
from festoon.offers import queries
from festoon.offers.checks import Known, known
from festoon.offers.drafts import draft
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.batch import Batch, RefusedRow
from festoon.records.canonical import spelled
from festoon.records.events import publish
from festoon.records.refusal import Conflict, NotFound, Refusal
from festoon.records.tables import change, insert
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import machine

TAKEN = Words(en="An offer has this code already.", zh="已有优惠使用此编号。")
IN_REVIEW = Words(
    en="It is in review, rejected or recalled: withdraw it or open it again first.",
    zh="审核中、已驳回或已召回：请先撤回或重新打开。",
)
CHANGED = Words(
    en="Somebody changed this draft since you opened it. Sent again, yours takes its place.",
    zh="您打开后，草稿已被他人修改。再次提交将以您的内容为准。",
)
COLUMNS = (
    "campaign", "type", "name_en", "name_zh", "draft", "starts_at", "ends_at", "state", "author", "edited_at", "preset",
)  # fmt: skip


def create(room: Room, data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Offer:
    """One new draft; raises the refusal of its row. The same key answers the same draft, whatever moved meanwhile."""
    by.require("offers.edit")
    have = known(by, now)
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=f"{room.kind}s.create", body=dict(data)):
            return queries.offer(by, before.answer["code"])
        made = draft(room, data, have, by=by, now=now)
        if _keep_free(room, [made], now):
            raise Conflict("taken", TAKEN, field="code")
        keys.remember(
            by=by, key=key, verb=f"{room.kind}s.create", body=dict(data), answer={"code": made.code}, now=now
        )  # fmt: skip
        _note(f"{room.kind}s.create", [made], by=by, now=now, key=key)
    return made


def create_all(room: Room, rows: Sequence[Mapping[str, Any]], *, by: Viewer, now: datetime, key: str) -> Batch:
    """Many new drafts, each checked like a single one; those that do not hold together are listed, by their place."""
    by.require("offers.edit")
    refused: list[RefusedRow] = []
    made = _read(room, rows, refused, by=by, now=now)
    verb, body = f"{room.kind}s.create_all", [dict(row) for row in rows]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=verb, body=body):
            return Batch.of(before.answer)
        gone = _keep_free(room, list(made.values()), now)
        refused += [RefusedRow(at, "code", "taken", TAKEN) for at, offer in made.items() if offer.code in gone]
        kept = [offer for offer in made.values() if offer.code not in gone]
        batch = Batch(len(kept), sorted(refused, key=lambda row: row.index))
        keys.remember(by=by, key=key, verb=verb, body=body, answer=batch.to_data(), now=now)
        _note(verb, kept, by=by, now=now, key=key)
    return batch


def edit(
    room: Room, offer: Offer, data: Mapping[str, Any], *, by: Viewer, now: datetime, have: Known | None = None,
    same_author: bool = False, read: datetime | None = None,
) -> Offer:  # fmt: skip
    """Put new content in place of the draft's (its code stays). What is live stays live until this one is agreed on.

    In review: Conflict; withdraw it first. `same_author`: it stays whose it was, as where a preset, not a person, says
    what changes; who does it may decide on it no more than the author (`queries.last_hands`). `read`: when the draft that
    was read had been edited; edited by somebody since: Conflict, so that nobody's work is put away unseen.
    """
    by.require("offers.edit")
    mine = queries.own(by).filter(pk=offer.pk, kind=room.kind).first()
    if mine is None:
        raise NotFound("offer")
    data = {"owner": mine.merchant.code, **data, "code": mine.code}
    made = draft(room, data, have or known(by, now), by=by, now=now)
    with transaction.atomic():
        (found,) = queries.locked(by, [mine.code], room.kind)
        if found.merchant_id != made.merchant.pk:
            raise NotFound("merchant", "owner")
        if not machine.editable(found.state):
            raise Conflict("in_review", IN_REVIEW, field="state", detail={"state": found.state})
        if read not in (None, found.edited_at) and found.draft != made.draft:
            told = {"by": found.author, "at": spelled(found.edited_at)}
            raise Conflict("changed", CHANGED, field="draft", detail=told)
        before = found.state
        if same_author:
            made.author = found.author
        for column in COLUMNS:
            setattr(found, column, getattr(made, column))
        change([found], COLUMNS)
        _note(f"{room.kind}s.edit", [found], by=by, now=now, before=before)
    return found


def _read(
    room: Room, rows: Sequence[Mapping[str, Any]], refused: list[RefusedRow], *, by: Viewer, now: datetime
) -> dict[int, Offer]:
    have, made, codes = known(by, now), {}, set[str]()
    for at, row in enumerate(rows):
        try:
            offer = draft(room, row, have, by=by, now=now)
            if offer.code in codes:
                raise Conflict("taken", TAKEN, field="code")
        except Refusal as refusal:
            refused.append(RefusedRow(at, refusal.field, refusal.code, refusal.words))
        else:
            codes.add(offer.code)
            made[at] = offer
    return made


def _keep_free(room: Room, offers: Sequence[Offer], now: datetime) -> set[str]:
    """Keep those whose code is free, also where somebody takes one at the same moment; the codes that are not free."""
    before: set[str] | None = None
    while True:
        gone = queries.taken(SYSTEM, [offer.code for offer in offers])
        kept = [offer for offer in offers if offer.code not in gone]
        try:
            with transaction.atomic():
                insert(kept)
        except IntegrityError:
            if gone == before:
                raise
            before = gone
            continue
        if kept:
            room.attach(kept, now)
        return gone


def _note(
    verb: str, offers: Sequence[Offer], *, by: Viewer, now: datetime, key: str = "", before: str = ""
) -> None:  # fmt: skip
    if not offers:
        return
    one = offers[0] if len(offers) == 1 else None
    record(
        by=by, at=now, verb=verb, kind=offers[0].kind, subject=one.code if one else f"{len(offers)} drafts",
        before=before, after="draft", key=key, rows={} if one else {"codes": [offer.code for offer in offers]},
        merchant_id=one.merchant_id if one else None,
    )  # fmt: skip
    events = [{"id": uuid4().hex, "kind": verb, "at": now.isoformat(), "offer": offer.code} for offer in offers]
    publish(at=now, kind=verb, merchant_id=by.merchant_id, events=events)
