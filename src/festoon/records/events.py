"""Events: what happened, for those who count it later. Written to the outbox in the transaction of the verb."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import accumulate
from typing import Any

import msgspec
from django.db import connection, transaction

from festoon.records import queries
from festoon.records.models import Outbox
from festoon.records.tables import wait_for
from festoon.records.viewer import SYSTEM

BARRIER = 0x666573746F6F6E  # "festoon": writers share this lock until they commit, a reader takes it alone


def publish(*, at: datetime, kind: str, merchant_id: int, events: Sequence[Mapping[str, Any]]) -> None:
    """Add one outbox row with `events`, inside the caller's transaction; call it last, and nothing for no events.

    Each event says `id` (unique for ever), `kind`, `at` and what it is about. Rolled back, nothing was published;
    read twice by the exporter, readers drop the second by its id.
    """
    if not events:
        return
    publish_packed(at=at, kind=kind, merchant_id=merchant_id, packed=pack(events), count=len(events))


def publish_each(*, at: datetime, kind: str, events: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """The same of events whose merchants (the first of each) may be several: a row for each, so that each is told of its own."""
    owned: dict[int, list[Mapping[str, Any]]] = {}
    for merchant, event in events:
        owned.setdefault(merchant, []).append(event)
    for merchant, told in sorted(owned.items()):
        publish(at=at, kind=kind, merchant_id=merchant, events=told)


def pack(events: Sequence[Mapping[str, Any]]) -> bytes:
    """`events` as compressed JSON: what the outbox row holds."""
    return zlib.compress(msgspec.json.encode(list(events)), 1)


def unpack(packed: bytes) -> list[dict[str, Any]]:
    """The events of one outbox row."""
    found: list[dict[str, Any]] = json.loads(zlib.decompress(packed))
    return found


def read_after(position: int, limit: int, most: int | None = None) -> list[tuple[int, list[dict[str, Any]]]]:
    """Up to `limit` outbox rows after `position` in order: (their number, their events). None is ever overtaken. Of those
    that hold `most` events already no other is read: a row may hold twenty thousand.

    PostgreSQL gives numbers before the commit: a row may appear after a higher one was read. So the reader first
    waits until every writer that already has a number has ended. SQLite has one writer at a time; nobody waits.
    """
    with _writers_ended():
        rows = list(queries.outbox(SYSTEM).filter(id__gt=position)[:limit])
    if most is not None:
        rows = rows[: 1 + sum(done < most for done in accumulate(row.count for row in rows[:-1]))]
    return [(row.id, unpack(bytes(row.events))) for row in rows]


def newest() -> int:
    """The number of the last outbox row, 0 for none: whatever is committed after the caller's transaction has a greater one.

    As `read_after` it waits for who has a number already; who comes later waits until the caller has committed.
    """
    wait_for(BARRIER)
    return queries.outbox(SYSTEM).order_by("-id").values_list("id", flat=True).first() or 0


def publish_packed(*, at: datetime, kind: str, merchant_id: int, packed: bytes, count: int) -> None:
    """The same of events that were packed beforehand, outside the transaction."""
    wait_for(BARRIER, shared=True)
    Outbox(at=at, kind=kind, merchant_id=merchant_id, count=count, events=packed).save(force_insert=True)


@contextmanager
def _writers_ended() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        wait_for(BARRIER)
        yield
