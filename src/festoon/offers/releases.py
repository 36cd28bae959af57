"""Releases: the frozen, hashed, numbered form of what was agreed on, and the row that puts it into the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from festoon.offers import queries, version
from festoon.offers.guards import BOOK
from festoon.offers.models import BookVersion, Live, Release, Stop
from festoon.offers.sight import sight_of
from festoon.records.audit import record
from festoon.records.canonical import digest
from festoon.records.events import publish, publish_each
from festoon.records.parts import in_parts
from festoon.records.tables import insert, upsert, wait_for
from festoon.records.viewer import SYSTEM, Viewer

CLAIMS = "claims"
"""What is stopped of a coupon that was recalled and whose coupons that are out are honoured: no more is given."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a passed review agreed on: `kind` is offer, distribution or exclusion."""

    kind: str
    code: str
    data: Mapping[str, Any]
    merchant_id: int
    review_id: int
    campaign: str = ""


def release(
    kind: str, code: str, data: Mapping[str, Any], *, merchant_id: int, review_id: int, by: Viewer, now: datetime
) -> Release:
    """Freeze one thing and put it into the book; see `release_all`."""
    return release_all([Agreed(kind, code, data, merchant_id, review_id)], by=by, now=now)[0]


def release_all(agreed: Sequence[Agreed], *, by: Viewer, now: datetime) -> list[Release]:
    """Freeze what was agreed on and put it into the book in place of what was there, within the verb's transaction.

    Each gets the next version of its code; the release before it stays for ever, for what was priced with it. The
    book's number moves in the same transaction: no other process can see half of it. A coupon of which no more was given
    is given again.
    """
    if not agreed:
        return []
    versions = queries.versions(SYSTEM, [each.code for each in agreed])
    made = [
        Release(
            merchant_id=each.merchant_id,
            kind=each.kind,
            code=each.code,
            version=versions.get((each.kind, each.code), 0) + 1,
            data=dict(each.data),
            digest=digest(each.data),
            review_id=each.review_id,
            released_at=now,
            released_by=by.name,
        )
        for each in agreed
    ]
    insert(made)
    rows = [Live(kind=each.kind, code=each.code, release=each, since=now, by=by.name) for each in made]
    upsert(rows, unique=["kind", "code"], columns=["release", "since", "by"])
    offers = [each.code for each in agreed if each.kind == "offer"]
    put_out({each.code: sight_of(each.data) for each in agreed if each.kind == "offer"})
    moved()
    for stop in queries.stops_of(SYSTEM, CLAIMS, offers):
        end_stop(stop, by=by, now=now)
    events = [(each.merchant_id, _event(each, row, now)) for each, row in zip(agreed, made, strict=True)]
    publish_each(at=now, kind="offer.released", events=events)
    return made


def end_stop(stop: Stop, *, by: Viewer, now: datetime, why: str = "") -> None:
    """End a stop, within the verb's transaction."""
    stop.lifted_at, stop.lifted_by = now, by.name
    stop.save(update_fields=["lifted_at", "lifted_by"])
    note(f"{stop.kind}.lifted", stop.kind, stop.code, stop.merchant_id, before="stopped", why=why, by=by, now=now)


def note(
    event: str,
    kind: str,
    code: str,
    merchant: int,
    *,
    by: Viewer,
    now: datetime,
    before: str = "",
    after: str = "",
    why: str = "",
) -> None:
    """One audit row and one event of what was done to something that is out."""
    record(
        by=by, at=now, verb=f"offers.{event}", kind=kind, subject=code, before=before, after=after, why=why,
        merchant_id=merchant,
    )  # fmt: skip
    told = {"id": uuid4().hex, "kind": event, "at": now.isoformat(), kind: code, "why": why}
    publish(at=now, kind=event, merchant_id=merchant, events=[told])


def put_out(sights: Mapping[str, str]) -> None:
    """Mark offers, by code, as being in the book and as what others see them by, or ("") as being in it no longer.

    Beside the row that makes it so, in its transaction: there is no moment in which another's wall lets through what was
    in the book before.
    """
    codes: dict[str, list[str]] = {}
    for code, sight in sorted(sights.items()):
        codes.setdefault(sight, []).append(code)
    for sight, alike in codes.items():
        for part in in_parts(alike):
            queries.own(SYSTEM).filter(code__in=part).update(out=bool(sight), sight=sight)


def moved() -> None:
    """The book has changed: its number moves with this transaction, and this process looks at once.

    Waits for the grants under way and no others; those that come from now on wait for this transaction.
    """
    wait_for(BOOK)
    BookVersion.bump()
    transaction.on_commit(version.watch.forget)


def stands_still() -> None:
    """Until this transaction ends, nobody stops, recalls or releases anything: what it reads of the book stays true.

    Others may read at the same time.
    """
    wait_for(BOOK, shared=True)


def _event(agreed: Agreed, release: Release, now: datetime) -> dict[str, Any]:
    return {
        "id": f"release:{release.kind}:{release.code}:{release.version}",
        "kind": f"{release.kind}.released",
        "at": now.isoformat(),
        "campaign": agreed.campaign or str(agreed.data.get("campaign") or ""),
        "offer": release.code,
        "version": release.version,
        "digest": release.digest,
    }
