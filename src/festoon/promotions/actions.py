"""What one does with a promotion: an offer that applies by itself.

`create(data)` takes the offers-file form; beside it `campaign` (its code), `units` (how many pieces a flash price is
limited to), `per_shopper` (how many orders of one shopper it may serve), and what it may cost: `spend_most`,
`spend_per_day`, `late` (offers.spends). The verbs are told in `offers.verbs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from festoon.base.kinds import MANY
from festoon.ledger import accounts
from festoon.offers import stock
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.offers.spends import terms as spends
from festoon.offers.verbs import Verbs
from festoon.promotions.models import Promotion
from festoon.promotions.queries import rows
from festoon.records.batch import Column
from festoon.records.tables import change, insert
from festoon.records.values import whole
from festoon.records.viewer import SYSTEM

KIND = "promotion"


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
    stock.settle_first_buyers(offers, at=now)
    spends.settle(offers, at=now)


TERMS = [
    Column("units", whole(1, optional=True), None),
    Column("per_shopper", whole(1, MANY, optional=True), None),
    *spends.TERMS,
]
ROOM = Room(kind=KIND, terms=TERMS, attach=_attach, settle=_settle)
ROOMS = {KIND: ROOM}
VERBS = Verbs(ROOM)
create, create_all, edit, submit = VERBS.create, VERBS.create_all, VERBS.edit, VERBS.submit
decide, approve, send_back = VERBS.decide, VERBS.approve, VERBS.send_back
withdraw, reopen = VERBS.withdraw, VERBS.reopen
