"""The verbs of one kind of offer, for promotions and coupons to name as theirs.

What comes twice, late or half-way is told in `offers.desk` (making and changing drafts) and in `review.way` (the way
through review): all or nothing, and a second decision says what the first one was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from festoon.offers import desk, passage
from festoon.offers.checks import Known
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.records.batch import Batch
from festoon.records.viewer import Viewer
from festoon.review import verbs


class Verbs(verbs.Verbs[Offer]):
    """What one does with the offers of one room."""

    def __init__(self, room: Room) -> None:
        self.room, self.rooms = room, {room.kind: room}
        super().__init__(passage.road(self.rooms))

    def create(self, data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Offer:
        """A new draft; the same key answers the same draft."""
        return desk.create(self.room, data, by=by, now=now, key=key)

    def create_all(self, data: Sequence[Mapping[str, Any]], *, by: Viewer, now: datetime, key: str) -> Batch:
        """New drafts; those that do not hold together are listed."""
        return desk.create_all(self.room, data, by=by, now=now, key=key)

    def edit(
        self, offer: Offer, data: Mapping[str, Any], *, by: Viewer, now: datetime, have: Known | None = None,
        same_author: bool = False, read: datetime | None = None,
    ) -> Offer:  # fmt: skip
        """New content for a draft; what is live stays live until it is agreed on. Edited since it was `read`: Conflict."""
        return desk.edit(self.room, offer, data, by=by, now=now, have=have, same_author=same_author, read=read)

    def submit(self, thing: Offer, *, by: Viewer, now: datetime) -> Offer:
        """Give the draft to those who must agree, with its worked example and the exclusions ticked on its page."""
        return passage.submit(self.rooms, [thing], by=by, now=now)[0]
