"""What one does with a promotion: an offer that applies by itself.

`create(data)` takes the offers-file form; beside it `campaign` (its code), `units` (how many pieces a flash price is
limited to) and `per_shopper` (how many orders of one shopper it may serve). The way through review, and what happens
to what comes twice, late or half-way, is told in `offers.passage` and `offers.desk`: all or nothing, and a second
decision says what the first one was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from festoon.ledger import accounts
from festoon.offers import desk, passage, stock
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.promotions.models import Promotion
from festoon.promotions.queries import rows
from festoon.records.batch import Batch, Column
from festoon.records.tables import change, insert
from festoon.records.values import whole
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review

KIND = "promotion"


def create(data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Offer:
    """A new draft."""
    return desk.create(ROOM, data, by=by, now=now, key=key)


def create_all(data: Sequence[Mapping[str, Any]], *, by: Viewer, now: datetime, key: str) -> Batch:
    """New drafts; those that do not hold together are listed."""
    return desk.create_all(ROOM, data, by=by, now=now, key=key)


def edit(offer: Offer, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Offer:
    """New content for a draft; what is live stays live until it is agreed on."""
    return desk.edit(ROOM, offer, data, by=by, now=now)


def submit(offer: Offer, *, by: Viewer, now: datetime) -> Offer:
    """Give the draft to those who must agree."""
    return passage.submit(ROOMS, [offer], by=by, now=now)[0]


def approve(
    offer: Offer, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
) -> review.Outcome:
    """Agree at the level where it stands; after the last level it is released in the same transaction.

    `read`: the number of the review that was read; if it is no longer open, Conflict.
    """
    return passage.decide(ROOMS, [offer], review.APPROVE, by=by, now=now, comment=comment, read=read)[offer.code]


def send_back(
    offer: Offer, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None = None
) -> review.Outcome:
    """Give it back to its author, and say why."""
    return passage.decide(ROOMS, [offer], review.SEND_BACK, by=by, now=now, comment=comment, read=read)[offer.code]


def withdraw(offer: Offer, *, by: Viewer, now: datetime) -> Offer:
    """Take it out of review; it is a draft again."""
    return passage.withdraw(ROOMS, offer, by=by, now=now)


def _attach(offers: Sequence[Offer], now: datetime) -> None:  # noqa: ARG001 -- nothing of it is dated
    insert([Promotion(offer=offer) for offer in offers])


def _settle(offers: Sequence[Offer], now: datetime) -> None:
    """Limit the pieces, and the orders of one shopper, to what was agreed on."""
    found = rows(SYSTEM, offers)
    for row in found:
        row.per_shopper = row.offer.draft["terms"]["per_shopper"]
    limited = [row for row in found if row.offer.draft["terms"]["units"] is not None]
    opened = stock.open_all([row.offer for row in limited if row.units is None], accounts.units, "units")
    for row in limited:
        row.units = row.units or opened[row.offer.code]
    change(found, ["per_shopper", "units"])
    stock.settle_all([(row.units, row.offer.draft["terms"]["units"]) for row in found if row.units], "units", at=now)


TERMS = [Column("units", whole(1, optional=True), None), Column("per_shopper", whole(1, optional=True), None)]
ROOM = Room(kind=KIND, terms=TERMS, attach=_attach, settle=_settle)
ROOMS = {KIND: ROOM}
