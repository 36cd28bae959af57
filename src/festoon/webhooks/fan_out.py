"""From the outbox to everybody who listens: each event becomes a delivery for each endpoint that asked for it.

The cursor of the outbox moves when all of a row was handed on. Killed in between, the row is gone through again; what
was handed on before is found by its event and not numbered a second time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.catalog import queries as catalog
from festoon.records import queries as records
from festoon.records.audit import record
from festoon.records.canonical import digest_of, fitted
from festoon.records.events import read_after
from festoon.records.parts import in_parts
from festoon.records.tables import insert, upsert, wait_for
from festoon.records.viewer import PLATFORM, SYSTEM
from festoon.webhooks import queries
from festoon.webhooks.models import Delivery, Endpoint
from festoon.webhooks.models import Sequence as Count

ROWS, EVENTS, SLICE = 50, 5_000, 200
PLAIN = re.compile(r"[!-~]+")
"""Rows handed on at once, and the events from which on no other row is; and those written in one transaction."""
MOST_WAITING = 100_000
"""Deliveries an endpoint may have waiting; then it is paused, so that the queue of a dead one does not grow for ever, and
nothing more is kept for it until some were taken.
"""
_LOCK = 0x7765_6268_6F6F_6B73
OBJECTS = ("hold", "order", "coupon", "offer", "distribution", "campaign", "shopper")


def hand_on(now: datetime) -> bool:
    """Hand on the next outbox rows; whether there may be more.

    Who listens is asked after what there is to hear: who subscribes in between began before whatever comes later. Who is
    paused listens too: what happens meanwhile waits for it. The first time begins where the first of them began to listen:
    they may have subscribed before any worker ran.
    """
    before = queries.position(SYSTEM)
    last = records.outbox(SYSTEM).order_by("-id").values_list("id", flat=True).first() or 0
    began = queries.began(SYSTEM)
    if began is None:
        if before is None or last > before:
            queries.advance(SYSTEM, last)
        return False
    if not (rows := read_after(began if before is None else before, ROWS, EVENTS)):
        return False
    listening = queries.listening(SYSTEM, MOST_WAITING)
    merchants = dict(catalog.merchants(SYSTEM).values_list("code", "id"))
    owners = dict(records.outbox(SYSTEM).filter(id__in=[number for number, _ in rows]).values_list("id", "merchant_id"))
    told: dict[int, Endpoint] = {}
    for number, events in rows:
        for endpoint in listening:
            wanted = [event for event in events if _concerns(endpoint, number, event, merchants, owners[number])]
            told |= {endpoint.pk: endpoint} if wanted else {}
            for part in in_parts(wanted, SLICE):
                _write(endpoint, part, now)
        queries.advance(SYSTEM, number)
    for endpoint in told.values():
        _bound(endpoint, now)
    return len(rows) == ROWS or sum(len(events) for _, events in rows) >= EVENTS


def object_of(event: Mapping[str, Any]) -> str:
    """What an event is about: the events of one object are told in order, those of two objects are not."""
    name = next((name for name in OBJECTS if isinstance(event.get(name), str) and event[name]), "id")
    return fitted(f"{name}:{event[name]}", 160)


def id_of(event: Mapping[str, Any]) -> str:
    """The id by which a receiver knows an event, whenever it is sent: the event's own where a header carries it, or as much
    as fits of a longer one; else the hash of it. Servers read headers as Latin-1, and take spaces off their ends.
    """
    name = str(event["id"])
    return fitted(name, 128) if PLAIN.fullmatch(name) else f"event:{digest_of(name)}"


def _concerns(
    endpoint: Endpoint, number: int, event: Mapping[str, Any], merchants: Mapping[str, int], owner: int
) -> bool:
    """Whether it asked for this kind, began to listen before, and the event is its merchant's (the platform's: any)."""
    if number <= endpoint.after or (endpoint.kinds and event.get("kind") not in endpoint.kinds):
        return False
    of = merchants.get(str(event.get("merchant") or ""), owner)
    return endpoint.merchant_id in (PLATFORM, of)


def _write(endpoint: Endpoint, events: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Keep for it what it was not told yet, each event once, whatever comes twice."""
    named: dict[str, Mapping[str, Any]] = {}
    for event in events:
        named.setdefault(id_of(event), event)
    with transaction.atomic():
        wait_for(_LOCK + endpoint.pk)
        there = queries.known(SYSTEM, endpoint.pk, named)
        new = [event for name, event in named.items() if name not in there]
        last = queries.sequences(SYSTEM, endpoint.pk, {object_of(event) for event in new})
        made = []
        for event in new:
            number = last[object_of(event)] = last.get(object_of(event), 0) + 1
            made.append(_delivery(endpoint, event, number, now))
        insert(made)
        told = {object_of(event) for event in new}
        rows = [Count(endpoint=endpoint, object=name, last=last[name]) for name in sorted(told)]
        upsert(rows, unique=["endpoint", "object"], columns=["last", "object"])


def _delivery(endpoint: Endpoint, event: Mapping[str, Any], number: int, now: datetime) -> Delivery:
    told = {"type": event["kind"], "timestamp": event["at"], "object": object_of(event), "sequence": number}
    return Delivery(
        endpoint=endpoint, event=id_of(event), kind=event["kind"], object=object_of(event), sequence=number,
        body=json.dumps({**told, "data": dict(event)}, ensure_ascii=False, separators=(",", ":")), due_at=now,
        created_at=now,
    )  # fmt: skip


def _bound(endpoint: Endpoint, now: datetime) -> None:
    """Pause one that has as much waiting as there may be; that nothing more is kept for one that is paused is recorded."""
    waiting = queries.deliveries(SYSTEM).order_by().filter(endpoint=endpoint, state="waiting").count()
    if waiting < MOST_WAITING:
        return
    with transaction.atomic():
        paused = queries.plain(SYSTEM).filter(pk=endpoint.pk, state="live").update(state="paused")
        record(
            by=SYSTEM, at=now, verb="webhooks.pause" if paused else "webhooks.full", kind="webhook",
            subject=endpoint.name, before="live" if paused else "paused", after="paused",
            why=f"{waiting} deliveries wait", merchant_id=endpoint.merchant_id,
        )  # fmt: skip
