"""Letters to whom a review waits for: one when it does, one when it is nearly due. An outbox, which `mailing` empties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from festoon.catalog import queries as catalog
from festoon.records.parts import in_parts
from festoon.records.tables import change, upsert
from festoon.records.viewer import Viewer
from festoon.review import queries
from festoon.review.models import Letter, Review
from festoon.review.readers import Reader, readers

ASKED, DUE = "asked", "due"
GATHER = timedelta(minutes=5)
"""So long the first letter waits for others to the same person: they go as one e-mail."""
AT_ONCE = 10
"""So many reviews are written of in one transaction: whoever else writes waits for no more."""
ONCE = ("review", "round", "level", "person", "kind")


def write(*, by: Viewer, now: datetime, most: int = 200) -> int:
    """Put down who has to be told of what waits now, and of what is nearly due; how many letters that are.

    Each person once a review, round, level and kind, whoever writes and however often. Dies it half-way, what it had put
    down stays, and the next one writes the rest. Late, it writes of what waits then. What it does not get hold of at once,
    and what moved on while it looked who is asked, is the next one's.
    """
    waiting = {ASKED: queries.uncalled(by), DUE: queries.nearly_due(by, now)}
    found = {kind: list(rows[:most]) for kind, rows in waiting.items()}
    if not any(found.values()):
        return 0
    there = _there(by, now)
    return sum(
        _put(part, kind, waiting[kind], there, now)
        for kind, reviews in found.items()
        for part in in_parts(reviews, AT_ONCE)
    )


def _put(part: Sequence[Review], kind: str, waiting: QuerySet[Review], there: Sequence[Reader], now: datetime) -> int:
    """Put down the letters of some reviews; who is asked is found out before anybody has to wait for us."""
    due, done, value = (now + GATHER, "called_at", now) if kind == ASKED else (now, "near_at", None)
    told = list(_letters(part, kind, there, due, now))
    with transaction.atomic():
        rows = waiting.prefetch_related(None).filter(pk__in=[review.pk for review in part])
        held = {review.pk: review for review in rows.select_for_update(skip_locked=True)}
        same = [each for each in part if each.pk in held and _place(held[each.pk]) == _place(each)]
        known = {review.pk for review in same}
        told = [letter for letter in told if letter.review_id in known]
        upsert(told, unique=ONCE, columns=["kind"])
        for review in same:
            setattr(review, done, value)
        change(same, [done])
    return len(told)


def _place(review: Review) -> tuple[int, int]:
    return review.round, review.level


def _there(by: Viewer, now: datetime) -> list[Reader]:
    """Everybody who has an address and did not say that they want no letters."""
    people = set(catalog.people(by).exclude(email="").values_list("code", flat=True)) - queries.wants_none(by)
    return [each for each in readers(by, now) if each[0].name.partition(":")[2] in people]


def _letters(
    reviews: Sequence[Review], kind: str, there: Sequence[Reader], due: datetime, now: datetime
) -> Iterator[Letter]:
    for review in reviews:
        for viewer, others in there:
            if queries.is_asked(viewer, review, others):
                yield Letter(
                    review=review, round=review.round, level=review.level, person=viewer.name.partition(":")[2], kind=kind,
                    made_at=now, due_at=due,
                )  # fmt: skip
