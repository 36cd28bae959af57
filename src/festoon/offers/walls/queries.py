"""Which of the platform's offers a merchant sees: those whose released scope meets its own goods.

What was found is kept in memory until the book or the goods move. Each function takes the viewer first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Min, QuerySet

from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.catalog.goods import Goods, goods
from festoon.catalog.models import PLATFORM
from festoon.offers.models import Offer, Release
from festoon.offers.numbers.queries import book_number
from festoon.offers.sight import decides, sight_of
from festoon.records.parts import in_parts
from festoon.records.viewer import SYSTEM, Viewer

ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""Asked at no moment in particular, the catalogue looks whether its goods are still the newest."""
FEW = 200
"""More keys than this are told to the database as one value, and of a few rows it is asked first which they have."""
Decided = Mapping[str, tuple[Mapping[str, Any], str]]
"""What decides who sees the offers of each key: a scope and the code of a campaign."""


@dataclass(frozen=True, slots=True)
class _Met:
    """Of the keys in a book: of which the scope meets a merchant's goods, and which of them it sees."""

    book: int
    decided: Decided
    met: frozenset[str]
    sights: frozenset[str]


@dataclass(slots=True)
class _Found:
    """What was found last with these goods: what the keys of a book stand for, and by merchant what it sees and what
    ever met its goods.
    """

    goods: Goods | None = None
    said: tuple[int, Decided] = (-1, {})
    met: dict[int, _Met] = field(default_factory=dict)
    ever: dict[int, tuple[int, frozenset[str]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Kept:
    """What this process has in memory: with other goods it begins anew, so that nobody's old ones stay."""

    found: _Found = field(default_factory=_Found)

    def of(self, have: Goods) -> _Found:
        """What was found with these goods."""
        found = self.found
        if found.goods is not have:
            found = self.found = _Found(have)
        return found


_kept = _Kept()


def sights(viewer: Viewer) -> frozenset[str]:
    """The keys (`Offer.sight`) of the platform's live offers whose released scope meets the viewer's own goods.

    Those of a campaign that is not in force are not: they wait for the campaign. When only the book has moved, only keys
    that are new are looked at. An offer that is released anew or recalled has another key from that commit on: an old
    memory hides it, and never shows what the new release hides.
    """
    have, book = goods(ANY_TIME), book_number(SYSTEM)
    found = _kept.of(have)
    known = found.met.get(viewer.merchant_id)
    if known is None or known.book != book:
        known = found.met[viewer.merchant_id] = _look(viewer, book, have, found, known)
    return known.sights


def sights_of(viewer: Viewer, rows: QuerySet[Offer]) -> frozenset[str]:
    """Of `sights` those that a few rows have; all of them where they are few anyway.

    A row that is released anew after that has another key, and is hidden unless the viewer may see that one too.
    """
    seen = sights(viewer)
    if len(seen) <= FEW:
        return seen
    return seen.intersection(rows.order_by().filter(merchant_id=PLATFORM, out=True).values_list("sight", flat=True))


def ever_touching(viewer: Viewer) -> frozenset[str]:
    """The codes of all offers of the platform, live or not, that were ever released for the viewer's own goods.

    For coupons outlive their offer.
    """
    have, book = goods(ANY_TIME), book_number(SYSTEM)
    found = _kept.of(have)
    known = found.ever.get(viewer.merchant_id)
    if known is None or known[0] != book:
        merchant = _merchant(viewer)
        rows = Release.objects.order_by().filter(kind="offer", merchant_id=PLATFORM).values_list("code", "data__scope")
        codes = frozenset(code for code, scope in rows if _meets(scope or {}, merchant, have))
        known = found.ever[viewer.merchant_id] = (book, codes)
    return known[1]


def _look(viewer: Viewer, book: int, have: Goods, found: _Found, known: _Met | None) -> _Met:
    """What a merchant sees of the keys in the book; `known`: what was found of another book, with the same goods."""
    merchant, decided = _merchant(viewer), _decided(book, found)
    waiting = campaigns.unapproved(SYSTEM)
    looked_at, before = (known.decided, known.met) if known is not None else ({}, frozenset())
    met = frozenset(
        sight
        for sight, (scope, _) in decided.items()
        if (sight in before if sight in looked_at else _meets(scope, merchant, have))
    )
    return _Met(book, decided, met, frozenset(sight for sight in met if decided[sight][1] not in waiting))


def _decided(book: int, kept: _Found) -> Decided:
    """What the keys of the platform's live offers stand for.

    A key is told of what it is the digest of, never of the row by which it was found: that may be released anew
    between the two questions.
    """
    number, known = kept.said
    if number == book:
        return known
    rows = Offer.objects.order_by().filter(merchant_id=PLATFORM, out=True)
    found = dict(rows.values_list("sight").annotate(one=Min("code")))
    told = {sight: known[sight] for sight in found if sight in known}
    released = Release.objects.order_by().filter(kind="offer", live__isnull=False)
    for part in in_parts(sorted(code for sight, code in found.items() if sight not in told)):
        for data in released.filter(code__in=part).values_list("data", flat=True):
            told[sight_of(data)] = decides(data)
    kept.said = book, told
    return told


def _merchant(viewer: Viewer) -> str | None:
    found: str | None = catalog.merchants(viewer).values_list("code", flat=True).first()
    return found


def _meets(scope: Mapping[str, Any], merchant: str | None, have: Goods) -> bool:
    """Whether a released scope means goods of a merchant."""
    named = merchant in scope.get("merchant", [merchant])
    return named and bool(have.within({**scope, "merchant": [merchant]}))
