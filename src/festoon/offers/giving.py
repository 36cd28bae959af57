"""By what an offer gives, and how often it can: as it is worked on, and as it is out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.offers import queries
from festoon.offers.drafts import releasable, span
from festoon.offers.models import Offer, Release
from festoon.offers.spends.queries import spendings
from festoon.offers.stock import first_buyers
from festoon.records.parts import in_parts
from festoon.records.viewer import SYSTEM
from festoon.review import machine
from festoon.review import queries as reviews

COUPON = "coupon"
MOMENT = timedelta(microseconds=1)
OVER = (machine.REJECTED, machine.ARCHIVED)
"""Drafts in these states come to nothing; what is out of them goes on giving."""


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day on which something serves, by the calendar of its zone."""

    first: date
    last: date

    @property
    def number(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Giving:
    """The rule, and its limits: coupons or pieces, first buyers, what it may cost in all and on each of its days; None
    without limit. `face` is printed on a coupon.
    """

    data: Mapping[str, Any]
    pieces: int | None
    buyers: int | None
    face: int | None
    spend: int | None = None
    per_day: int | None = None
    days: Days | None = None

    @property
    def spent_at_most(self) -> int | None:
        """What it may cost in all; on each of its days no more than on one, where both of its ends are known."""
        each = None if self.per_day is None or self.days is None else self.per_day * self.days.number
        return min((limit for limit in (self.spend, each) if limit is not None), default=None)


def drafted(offer: Offer) -> Giving:
    """As it is worked on."""
    terms, data = offer.draft.get("terms") or {}, releasable(offer)
    pieces = terms.get("stock" if offer.kind == COUPON else "units")
    return Giving(
        data, pieces, first_buyers(offer), terms.get("face_value"), terms.get("spend_most"), terms.get("spend_per_day"),
        _days(data, offer.merchant.zone),
    )  # fmt: skip


def givings(offers: Sequence[Offer]) -> dict[str, list[Giving]]:
    """By code, all by which an offer may give: its draft, unless that is over, and what is out beside it.

    Coupons that were given are honoured by the last release also when that is in the book no longer. Both have the larger
    of their limits: before the draft is agreed on, the release may have given as much as it can.
    """
    out = _out(offers)
    found: dict[str, list[Giving]] = {}
    for offer in offers:
        both = [] if offer.state in OVER else [drafted(offer)]
        both += [out[offer.code]] if offer.code in out else []
        pieces, buyers = _larger([each.pieces for each in both]), _larger([each.buyers for each in both])
        spend, per_day = _larger([each.spend for each in both]), _larger([each.per_day for each in both])
        days = _all_days(both)
        found[offer.code] = [
            replace(each, pieces=pieces, buyers=buyers, spend=spend, per_day=per_day, days=days) for each in both
        ]
    return found


def _larger(limits: Sequence[int | None]) -> int | None:
    known = [each for each in limits if each is not None]
    return max(known, default=None) if len(known) == len(limits) else None


def _days(data: Mapping[str, Any], zone: str) -> Days | None:
    """The days its window touches; None where an end of it is open."""
    window = data.get("window") or {}
    start, end = span(window, zone)
    if start is None or end is None:
        return None
    first, last = (each.astimezone(ZoneInfo(str(window.get("zone") or zone))).date() for each in (start, end - MOMENT))
    return Days(first, last)


def _all_days(both: Sequence[Giving]) -> Days | None:
    """From the first day of any to the last: what was spent before the window was moved was spent."""
    known = [each.days for each in both if each.days is not None]
    if not known or len(known) < len(both):
        return None
    return Days(min(each.first for each in known), max(each.last for each in known))


def _out(offers: Sequence[Offer]) -> dict[str, Giving]:
    kinds = {offer.code: offer for offer in offers}
    released = _released(kinds)
    terms = {
        (row.pk, row.subject): row.content.get("terms") or {}
        for part in in_parts([each.review_id for each in released.values()])
        for row in reviews.visible(SYSTEM).filter(pk__in=part)
    }
    codes = [_pieces(kinds[code]) for code in released] + [accounts.buyers(code) for code in released]
    limits = {
        row.code: row.granted
        for part in in_parts(codes)
        for row in ledger.accounts_of(SYSTEM, part)
        if row.limited
    }  # fmt: skip
    spends = {
        row.offer.code: (row.most, row.per_day)
        for part in in_parts(list(released))
        for row in spendings(SYSTEM).filter(offer__code__in=part)
    }
    return {
        code: Giving(
            release.data,
            limits.get(_pieces(kinds[code])),
            limits.get(accounts.buyers(code)),
            terms.get((release.review_id, code), kinds[code].draft.get("terms") or {}).get("face_value"),
            *spends.get(code, (None, None)),
            _days(release.data, kinds[code].merchant.zone),
        )
        for code, release in released.items()
    }


def _released(offers: Mapping[str, Offer]) -> dict[str, Release]:
    """What is in the book of each; of a coupon that is not, what was in it last."""
    codes, found = list(offers), dict[str, Release]()
    for part in in_parts([code for code in codes if offers[code].kind == COUPON]):
        rows = queries.releases(SYSTEM).filter(kind="offer", code__in=part).order_by("version")
        found.update({row.code: row for row in rows})
    for part in in_parts(codes):
        found.update({row.code: row.release for row in queries.live(SYSTEM).filter(kind="offer", code__in=part)})
    return found


def _pieces(offer: Offer) -> str:
    return accounts.stock(offer.code) if offer.kind == COUPON else accounts.units(offer.code)
