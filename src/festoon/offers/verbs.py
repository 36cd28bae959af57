"""The verbs of one kind of offer, for promotions and coupons to name as theirs.

What comes twice, late or half-way is told in `offers.desk` (making and changing drafts) and in `review.way` (the way
through review): all or nothing, and a second decision says what the first one was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.offers import desk, passage
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.records.batch import Batch
from festoon.records.viewer import Viewer
from festoon.review import way
from festoon.review.actions import Outcome, Said


@dataclass(frozen=True, slots=True)
class Verbs:
    """What one does with the offers of one room."""

    room: Room

    def create(self, data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Offer:
        """A new draft; the same key answers the same draft."""
        return desk.create(self.room, data, by=by, now=now, key=key)

    def create_all(self, data: Sequence[Mapping[str, Any]], *, by: Viewer, now: datetime, key: str) -> Batch:
        """New drafts; those that do not hold together are listed."""
        return desk.create_all(self.room, data, by=by, now=now, key=key)

    def edit(self, offer: Offer, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Offer:
        """New content for a draft; what is live stays live until it is agreed on."""
        return desk.edit(self.room, offer, data, by=by, now=now)

    def submit(self, offer: Offer, *, by: Viewer, now: datetime) -> Offer:
        """Give the draft to those who must agree."""
        return passage.submit(self._rooms, [offer], by=by, now=now)[0]

    def decide(
        self, offer: Offer, said: Said, *, by: Viewer, now: datetime, read: Collection[int] | None = None
    ) -> Outcome:
        """Say what one thinks at the level where it stands; after the last approval it is released with it.

        `read`: the number of the review that was read; if it is no longer open, Conflict.
        """
        return way.decide(passage.road(self._rooms), [offer], said, by=by, now=now, read=read)[offer.code]

    def approve(
        self, offer: Offer, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
    ) -> Outcome:
        """Agree at the level where it stands."""
        return self.decide(offer, Said(comment=comment), by=by, now=now, read=read)

    def send_back(
        self, offer: Offer, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None = None
    ) -> Outcome:
        """Give it back to its author, and say why."""
        return self.decide(offer, Said("send_back", comment), by=by, now=now, read=read)

    def withdraw(self, offer: Offer, *, by: Viewer, now: datetime) -> Offer:
        """Take it out of review; it is a draft again."""
        way.withdraw(passage.road(self._rooms), offer, by=by, now=now)
        return offer

    def reopen(self, offer: Offer, *, by: Viewer, now: datetime, why: str = "") -> Offer:
        """Make a draft again of what was rejected or recalled."""
        way.reopen(passage.road(self._rooms), offer, by=by, now=now, why=why)
        return offer

    @property
    def _rooms(self) -> Mapping[str, Room]:
        return {self.room.kind: self.room}
