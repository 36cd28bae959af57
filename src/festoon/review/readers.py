"""Who is there to decide, each with those in whose place they may; and what waits although nobody is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from festoon.catalog import queries as catalog
from festoon.catalog.people import acting
from festoon.records.parts import in_parts
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries
from festoon.review.models import Review

Reader = tuple[Viewer, Sequence[Viewer]]
"""Somebody, and those in whose place they decide."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A review that nobody may decide on, and how many `more` there are that ask the same people for the same author."""

    review: Review
    more: int


def readers(viewer: Viewer, codes: Collection[str], now: datetime) -> list[Reader]:
    """Those of some people who may sign in."""
    deputies = queries.deputies(viewer, now)
    there = acting(viewer, sorted(codes))
    return [(each, queries.stands_for(each, now) if each.name in deputies else ()) for each in there]


def unheard(viewer: Viewer, now: datetime, most: int = 500) -> list[Unheard]:
    """Open reviews that would wait for ever, the oldest first; the platform's to ask.

    Of what nobody has spoken on, all that ask the same of the same house for the same author are looked at as one; of the
    others, and of what asks more parties than a text holds, the oldest `most`.
    """
    if not viewer.is_platform:
        return []
    rows = queries.undecided(viewer)
    alike = rows.order_by().prefetch_related(None).filter(asks__gt="").values_list("asks", "opened_by", "merchant_id")
    many = {first: n for *_, first, n in alike.annotate(first=Min("pk"), n=Count("*"))}
    looked = [each for part in in_parts(sorted(many)) for each in rows.filter(pk__in=part)]
    looked += rows.filter(asks="").order_by("pk")[:most]
    there = _everybody(now)
    found = [each for each in looked if not _is_heard(each, there)]
    return [Unheard(each, many.get(each.pk, 1) - 1) for each in sorted(found, key=lambda each: each.pk)]


def is_unheard(review: Review, now: datetime) -> bool:
    """Whether a review is open and nobody may decide on it."""
    return review.state == "open" and not _is_heard(review, _everybody(now))


def _everybody(now: datetime) -> list[Reader]:
    return readers(SYSTEM, catalog.people(SYSTEM).values_list("code", flat=True), now)


def _is_heard(review: Review, there: Sequence[Reader]) -> bool:
    return any(queries.is_asked(viewer, review, others) for viewer, others in there)
