"""Sessions: at ten, two and eight o'clock so many coupons each, and what one leaves over is not the next one's.

A session is a window with an account of its own beside the template's stock: a claim takes from both, so neither the
session nor the whole gives more than it has. Outside of all sessions nothing can be claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from festoon.base.words import Words
from festoon.coupons import queries
from festoon.coupons.models import Session, Template
from festoon.ledger import accounts
from festoon.offers import stock
from festoon.offers.drafts import span
from festoon.records.batch import Wrong
from festoon.records.refusal import Invalid
from festoon.records.tables import change
from festoon.records.values import moment, whole
from festoon.records.viewer import SYSTEM

MOST = 100
OVERLAP = Words(en="Sessions follow one another.", zh="场次之间不能重叠。")


def read(value: Any) -> list[dict[str, Any]]:
    """The sessions of a draft: each `start`, `stock`, and `end` where it ends before the next begins. Raises Wrong."""
    if not isinstance(value, list | tuple) or len(value) > MOST:
        raise Wrong("not_sessions", f"A list of at most {MOST} sessions.", f"最多 {MOST} 个场次的列表。")
    found = []
    for row in value:
        if not isinstance(row, Mapping) or set(row) - {"start", "end", "stock"} or not {"start", "stock"} <= set(row):
            raise Wrong(
                "not_sessions", "A session has start, stock, and maybe end.", "场次包含 start、stock，可选 end。"
            )
        start, end = moment(row["start"]), moment(row.get("end"))
        if start is None:
            raise Wrong("not_a_moment", "A session has a start.", "场次须有开始时间。")
        pieces = whole(1)(row["stock"])
        found.append({"start": _text(start), "end": _text(end) if end else None, "stock": pieces})
    return sorted(found, key=lambda row: row["start"])


def _text(value: datetime) -> str:
    return value.isoformat(timespec="minutes")


def settle(found: Sequence[Template], zones: Mapping[int, str], now: datetime) -> None:
    """Put the agreed sessions of templates into force: a row and an account each; what is no longer named is dropped.

    A session is known by its start. Its stock is raised, never lowered. Raises Conflict, Invalid `overlap`.
    """
    for template in found:
        wanted = _placed(template, zones[template.pk])
        there = {session.starts_at: session for session in queries.sessions(SYSTEM, template)}
        for session in there.values():
            session.dropped = session.starts_at not in wanted
        change([session for session in there.values() if session.dropped], ["dropped"])
        for start, (end, pieces) in wanted.items():
            session = there.get(start) or _open(template, start, end)
            session.ends_at, session.dropped = end, False
            session.save()
            stock.settle_all([(session.stock, pieces)], "sessions", at=now)


def _placed(template: Template, zone: str) -> dict[datetime, tuple[datetime | None, int]]:
    said = template.offer.draft["terms"].get("sessions") or []
    rows = sorted(said, key=lambda row: str(span({"start": row["start"]}, zone)[0]))  # each may be in a zone of its own
    spans = [span({"start": row["start"], "end": row["end"]}, zone) for row in rows]
    starts = [start.astimezone(UTC) for start, _ in spans if start is not None]
    given = [end.astimezone(UTC) if end else None for _, end in spans]
    following = [*starts[1:], template.offer.ends_at][: len(starts)]
    ends = [end or after for end, after in zip(given, following, strict=True)]
    for (_, end), (start, _) in pairwise(zip(starts, ends, strict=True)):
        if end is None or end > start:
            raise Invalid("overlap", OVERLAP, field="sessions")
    if any(end is not None and end <= start for start, end in zip(starts, ends, strict=True)):
        raise Invalid("overlap", OVERLAP, field="sessions")
    return {start: (end, row["stock"]) for start, end, row in zip(starts, ends, rows, strict=True)}


def _open(template: Template, start: datetime, end: datetime | None) -> Session:
    offer = template.offer
    account = accounts.open_account(
        f"session:{offer.code}:{start:%Y%m%dT%H%M}", merchant_id=offer.merchant_id, kind="session", unit=accounts.PIECE
    )
    return Session(template=template, starts_at=start, ends_at=end, stock=account)
