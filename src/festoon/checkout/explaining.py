"""Explaining what was: customer service opens an order, a coupon or a shopper, and each opening is written down.

Nothing but the audit row is written, in its own transaction, before anything is shown: opened twice, it is there twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from festoon.catalog import queries as catalog
from festoon.checkout import book, queries
from festoon.checkout.evidence import book_of, facts_of
from festoon.checkout.held import read
from festoon.checkout.holds import price_of
from festoon.checkout.models import Hold
from festoon.coupons import queries as coupons
from festoon.coupons.codes import normal
from festoon.coupons.models import Coupon
from festoon.engine.price import price
from festoon.records.audit import record
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import PLATFORM, Viewer
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

RIGHT = "service.open"


@dataclass(frozen=True, slots=True)
class Explained:
    """A held price, priced again from the token its hold kept.

    `price` is the quote's documented JSON with its words. `same` says that it came to the amount that was held;
    `whole` that every offer of that day was judged again, not only those that applied.
    """

    hold: Hold
    price: Mapping[str, Any]
    same: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class OfShopper:
    """What a shopper holds and bought, as far as the viewer's company may know."""

    code: str
    coupons: QuerySet[Coupon]
    holds: QuerySet[Hold]


def open_order(number: str, *, by: Viewer, now: datetime) -> Explained:
    """An order by its number, or a hold or a redemption by its id, with its price explained.

    Raises Forbidden without `service.open`, NotFound for what is not there or another company's.
    """
    by.require(RIGHT)
    hold = queries.bought(by, number)
    _note("order", hold.id, hold.merchant_id, by, now)
    return explained(hold, now)


def open_coupon(code: str, *, by: Viewer, now: datetime) -> Coupon:
    """A coupon by its short code, as somebody typed it, or its id. Raises Forbidden, NotFound."""
    by.require(RIGHT)
    found = coupons.by_code(by, code) or coupons.by_code(by, normal(code))
    if found is None:
        raise NotFound("coupon")
    _note("coupon", found.id, found.merchant_id, by, now)
    return found


def open_shopper(code: str, *, by: Viewer, now: datetime) -> OfShopper:
    """A shopper by code. A merchant's people find only who holds or bought something of theirs. Forbidden, NotFound."""
    by.require(RIGHT)
    found = shopper_known(by, code)
    _note("shopper", code, by.merchant_id, by, now)
    return found


def shopper_known(viewer: Viewer, code: str) -> OfShopper:
    """A shopper the viewer may know of; NotFound, also for one who is there and nobody's of the viewer's company."""
    held = coupons.wallet(viewer, code)
    bought = queries.visible(viewer).filter(shopper__code=code).select_related("redemption")
    if not (catalog.shoppers(viewer).filter(code=code).exists() or held.exists() or bought.exists()):
        raise NotFound("shopper")
    return OfShopper(code, held, bought)


def explained(hold: Hold, now: datetime) -> Explained:
    """The price of the hold's own token by the releases of its day; by the stored answer where no token can be read."""
    sold: Mapping[str, Any] = price_of(hold)
    try:
        cart = facts_of(hold)
    except Refusal:
        return Explained(hold, sold, same=True, whole=False)
    current = book.current(now, cart["currency"])
    kept = current if current.book.version == hold.book else book.kept(hold.book)
    judged = price(kept.book if kept else read_book(book_of(read(hold))), read_facts(cart), explain="verdicts")
    found: Mapping[str, Any] = judged.to_data(words=True)
    return Explained(hold, found, same=found["totals"]["payable"] == hold.payable, whole=kept is not None)


def _note(kind: str, subject: str, merchant_id: int, by: Viewer, now: datetime) -> None:
    owner = by.merchant_id if by.merchant_id != PLATFORM else merchant_id
    with transaction.atomic():
        record(by=by, at=now, verb=f"service.open_{kind}", kind=kind, subject=subject, merchant_id=owner)
