"""Levels that are due: everybody who may decide is reminded, once a level."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.tables import change
from festoon.records.viewer import Viewer
from festoon.review import queries


def remind(*, by: Viewer, now: datetime, most: int = 500) -> int:
    """Remind of what is overdue now: one event a review, for webhooks and mail; how many there were.

    Run twice at the same moment, each review is reminded of once: the second finds it marked.
    """
    with transaction.atomic():
        late = list(queries.overdue(by, now).select_for_update()[:most])
        for review in late:
            review.reminded_at = now
        change(late, ["reminded_at"])
        for review in late:
            rows = {"review": review.pk, "level": review.level, "due_at": str(review.due_at)}
            record(
                by=by, at=now, verb="review.remind", kind=review.subject_kind, subject=review.subject, rows=rows,
                merchant_id=review.merchant_id,
            )  # fmt: skip
            event = {
                "id": f"review:{review.pk}:{review.round}:{review.level}:due", "kind": "review.due",
                "at": now.isoformat(), "subject": review.subject, "subject_kind": review.subject_kind,
                "level": review.level,
            }  # fmt: skip
            publish(at=now, kind="review.due", merchant_id=review.merchant_id, events=[event])
    return len(late)
