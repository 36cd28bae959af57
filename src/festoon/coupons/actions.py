"""What one does with a coupon template: an offer whose coupons shoppers hold.

`create(data)` takes the offers-file form; beside it `campaign` (its code), `stock` (None: no limit), `per_shopper`,
`per_period` (`most`, and `each` day, week or month; None: no limit), `per_device`,
`days_from_claim` or `expires` (a moment), `claimable`, `opens_at`, `face_value`, `sessions` (each `start`, `stock`, and
`end` where it ends before the next begins), `spend_most`, `spend_per_day`, `late` (offers.spends). The stock is put
in when the template is released, and raised when a later release says more. The verbs are told in `offers.verbs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from festoon.base.kinds import MANY
from festoon.coupons import limits, sessions
from festoon.coupons.form import MOST_DAYS
from festoon.coupons.issuing import issue
from festoon.coupons.models import Template
from festoon.coupons.queries import rows
from festoon.coupons.recalling import recall
from festoon.coupons.validity import zone_of
from festoon.ledger import accounts
from festoon.offers import stock
from festoon.offers.drafts import span
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.offers.spends import terms as spends
from festoon.offers.verbs import Verbs
from festoon.records.batch import Column
from festoon.records.tables import change, insert
from festoon.records.values import flag, moment, whole
from festoon.records.viewer import SYSTEM

__all__ = [
    "approve", "create", "create_all", "decide", "edit", "issue", "recall", "reopen", "send_back", "submit", "withdraw",
]  # fmt: skip
KIND = "coupon"


def _attach(offers: Sequence[Offer], now: datetime) -> None:  # noqa: ARG001 -- nothing of it is dated
    opened = stock.open_all(offers, accounts.stock, "stock")
    insert([Template(offer=offer, stock=opened[offer.code]) for offer in offers])


def _settle(offers: Sequence[Offer], now: datetime) -> None:
    """Put the agreed terms into force: the stock, the limit of a shopper, until when a coupon lasts."""
    found = rows(SYSTEM, offers)
    for row in found:
        terms = row.offer.draft["terms"]
        row.per_shopper, row.days_from_claim = terms["per_shopper"], terms["days_from_claim"]
        row.claimable, row.face_value = terms["claimable"], terms["face_value"]
        row.opens_at = _placed(terms["opens_at"], row.offer)
        row.ends_at = _placed(terms["expires"], row.offer) or row.offer.ends_at
        limits.settle(row, terms, _zone(row.offer), now)
    change(found, ["per_shopper", "days_from_claim", "claimable", "face_value", "opens_at", "ends_at", *limits.FIELDS])
    sessions.settle(found, {row.pk: _zone(row.offer) for row in found}, now)
    stock.settle_all([(row.stock, row.offer.draft["terms"]["stock"]) for row in found], "stock", at=now)
    stock.settle_first_buyers(offers, at=now)
    spends.settle(offers, at=now)


def _placed(value: str | None, offer: Offer) -> datetime | None:
    """A moment of the terms; without an offset it is meant in the offer's zone."""
    found, _ = span({"start": value}, _zone(offer))
    return found.astimezone(UTC) if found else None


def _zone(offer: Offer) -> str:
    return zone_of(offer.draft, offer.merchant.zone)


TERMS = [
    Column("stock", whole(1, optional=True), None),
    Column("per_shopper", whole(1, MANY), 1),
    Column("per_period", limits.read, None),
    Column("per_device", whole(1, MANY, optional=True), None),
    Column("days_from_claim", whole(0, MOST_DAYS, optional=True), None),
    Column("expires", moment, None),
    Column("claimable", flag, True),
    Column("opens_at", moment, None),
    Column("face_value", whole(0, optional=True), None),
    Column("sessions", sessions.read, list),
    *spends.TERMS,
]
ROOM = Room(kind=KIND, terms=TERMS, attach=_attach, settle=_settle)
ROOMS = {KIND: ROOM}
VERBS = Verbs(ROOM)
create, create_all, edit, submit = VERBS.create, VERBS.create_all, VERBS.edit, VERBS.submit
decide, approve, send_back = VERBS.decide, VERBS.approve, VERBS.send_back
withdraw, reopen = VERBS.withdraw, VERBS.reopen
