"""The verbs of a thing on its way through review, for each kind's room to name as its own.

What comes twice, late or half-way is told in `review.way`: all or nothing, and a second decision says what the first one was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Generic, TypeVar

from festoon.records.viewer import Viewer
from festoon.review import way
from festoon.review.actions import SEND_BACK, Outcome, Said

T = TypeVar("T", bound=Any)


class Verbs(Generic[T]):
    """What one does with a thing of one way."""

    def __init__(self, its: way.Way) -> None:
        self.way = its

    def submit(self, thing: T, *, by: Viewer, now: datetime) -> T:
        """Give the draft to those who must agree; with no level it is agreed on by rule."""
        return way.submit(self.way, [thing], by=by, now=now)[0]  # type: ignore[no-any-return]

    def decide(
        self, thing: T, said: Said, *, by: Viewer, now: datetime, read: Collection[int] | None = None
    ) -> Outcome:
        """Say what one thinks at the level where it stands; after the last approval it is in force.

        `read`: the number of the review that was read; if it is no longer open, Conflict.
        """
        return way.decide(self.way, [thing], said, by=by, now=now, read=read)[thing.code]

    def approve(
        self, thing: T, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
    ) -> Outcome:
        """Agree at the level where it stands."""
        return self.decide(thing, Said(comment=comment), by=by, now=now, read=read)

    def send_back(
        self, thing: T, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None = None
    ) -> Outcome:
        """Give it back to its author, and say why; it can then be changed and submitted again."""
        return self.decide(thing, Said(SEND_BACK, comment), by=by, now=now, read=read)

    def withdraw(self, thing: T, *, by: Viewer, now: datetime) -> T:
        """Take it out of review; it is a draft again. Once decided, Conflict says by whom and when."""
        way.withdraw(self.way, thing, by=by, now=now)
        return thing

    def reopen(self, thing: T, *, by: Viewer, now: datetime, why: str = "") -> T:
        """Make a draft again of what was rejected or recalled."""
        way.reopen(self.way, thing, by=by, now=now, why=why)
        return thing
