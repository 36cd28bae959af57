"""Who is there to decide, each with those in whose place they may; and what waits although nobody is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, prefetch_related_objects

from festoon.base.words import Words
from festoon.catalog.people import present
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

    @property
    def level(self) -> Words:
        """What the level is called at which it stands."""
        name = self.review.levels[self.review.level - 1]["name"]
        return Words(name["en"], name["zh"])


def readers(viewer: Viewer, now: datetime) -> list[Reader]:
    """Everybody who may sign in: two questions, however many they are. Whoever stands in does so behind their own wall."""
    there = {each.name: each for each in present(viewer)}
    others: dict[str, list[Viewer]] = defaultdict(list)
    for row in queries.deputies(viewer, now):
        deputy, person = there.get(f"person:{row.to}"), there.get(f"person:{row.person}")
        if deputy and person and (deputy.is_platform or deputy.merchant_id == person.merchant_id):
            others[deputy.name].append(person)
    return [(each, others[name]) for name, each in there.items()]


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
    there = readers(SYSTEM, now) if looked else []
    found = [each for each in looked if not _is_heard(each, there)]
    return [Unheard(each, many.get(each.pk, 1) - 1) for each in sorted(found, key=lambda each: each.pk)]


def is_unheard(review: Review, now: datetime) -> bool:
    """Whether a review is open and nobody may decide on it."""
    if review.state != "open":
        return False
    prefetch_related_objects([review], "decisions")
    return not _is_heard(review, readers(SYSTEM, now))


def _is_heard(review: Review, there: Sequence[Reader]) -> bool:
    return any(queries.is_asked(viewer, review, others) for viewer, others in there)
