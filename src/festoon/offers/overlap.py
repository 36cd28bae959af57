"""Which offers meet which: whose goods and time overlap, of everything that is live, agreed on or in review.

An overlap is what cannot be shown not to be: some goods in the catalogue that both mean, some time from now on in which
both are given, and no channel, store, level … that keeps them apart (as they are given out now). Whether a basket is
there in which both serve is what `offers.witness` looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from festoon.base.problems import Problems
from festoon.base.windows import since_1970
from festoon.catalog import queries as catalog
from festoon.catalog.goods import goods
from festoon.catalog.models import PLATFORM
from festoon.offers import queries
from festoon.offers.drafts import releasable
from festoon.offers.goods_bits import GoodsBits, Meant
from festoon.offers.models import Offer
from festoon.offers.reach import Apart, meet
from festoon.offers.standing import Ground, Remembered, Standing, ground, remembered
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.release import read_release

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another offer that meets the one asked about: `count` goods in common, together from `since` until `until`.

    `versions` are those of its versions that do: what is live, and an edit of it that is in review.
    """

    other: Standing
    shared: Meant
    count: int
    since: int
    until: int
    versions: Sequence[Standing] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Where a few offers are held against each other, as things are now. Make one with `table`."""

    have: Ground
    now: int

    @property
    def currency(self) -> str:
        """In which it trades."""
        return self.have.currency

    @property
    def bits(self) -> GoodsBits:
        """The goods of the catalogue."""
        return self.have.bits

    def of(self, offer: Offer) -> Standing:
        """An offer as it is worked on."""
        return self.have.standing(releasable(offer), live=False)

    def between(self, one: Standing, other: Standing) -> Overlap | Apart:
        """What two have in common, or why nothing."""
        when = _when(one, other, self.now)
        if isinstance(when, Apart):
            return when
        both = self.bits.shared(one.meant, other.meant)
        count = self.bits.count(both)
        return Overlap(other, both, count, *when, (other,)) if count else Apart("goods")

    def examples(self, overlap: Overlap, most: int = 3) -> list[str]:
        """The first few skus that both mean."""
        return self.bits.first(overlap.shared, most)


@dataclass(frozen=True, slots=True)
class Board(Table):
    """Everything of one currency that an offer may meet, as it is now. Make one with `board`."""

    have: Remembered
    waiting: Sequence[Standing]

    def meeting(self, mine: Standing, others: Iterable[Standing]) -> list[Overlap]:
        """Those of the others that meet `mine`, by code: one entry an offer, whatever its versions."""
        found: dict[str, Overlap] = {}
        memo: dict[int, tuple[Meant, int]] = {}
        for other in others:
            if other.code == mine.code or isinstance(when := _when(mine, other, self.now), Apart):
                continue
            shared = memo.get(id(other.meant))
            if shared is None:
                both = self.bits.shared(mine.meant, other.meant)
                shared = memo[id(other.meant)] = both, self.bits.count(both)
            if shared[1]:
                one = Overlap(other, *shared, *when, (other,))
                found[other.code] = _joined(found[other.code], one) if other.code in found else one
        return [found[code] for code in sorted(found)]


def table(currency: str, now: datetime) -> Table:
    """For a few offers of one currency among themselves: nothing else that is live is read."""
    return Table(ground(currency, goods(now)), since_1970(now))


def board(currency: str, now: datetime) -> Board:
    """What there is to meet in one currency now."""
    have = remembered(currency, goods(now))
    waiting = [have.standing(releasable(each), live=False) for each in queries.in_review(SYSTEM, currency)]
    return Board(have, since_1970(now), waiting)


def overlapping(viewer: Viewer, offer: Offer, now: datetime) -> list[Overlap]:
    """The offers that meet `offer` and that the viewer may know of.

    Of another's offer `draft` is to hold what was released (`released.as_seen`).
    """
    viewer.require("offers.read")
    on = board(offer.merchant.currency, now)
    return on.meeting(on.of(offer), known(viewer, on))


def known(viewer: Viewer, on: Board) -> list[Standing]:
    """What of the board the viewer may know: the platform all; a merchant its own and, of others, the platform's live
    ones that touch its own goods.
    """
    every = [*on.have.live, *on.waiting]
    if viewer.is_platform:
        return every
    owners = {each.pk: each.code for each in catalog.merchants(SYSTEM).filter(pk__in=(viewer.merchant_id, PLATFORM))}
    seen = set(queries.visible(viewer).values_list("code", flat=True))
    mine, platform = owners.get(viewer.merchant_id), owners.get(PLATFORM)
    return [
        each for each in every if each.code in seen and (each.owner == mine or (each.live and each.owner == platform))
    ]


def moment(at: int) -> datetime | None:
    """An end of an overlap as a moment; None for before or after every moment."""
    return EPOCH + timedelta(microseconds=at) if abs(at) < 1 << 61 else None


def stage(data: Mapping[str, Any]) -> int | None:
    """The number of the stage in which an offer applies."""
    read = read_release(data, (), Problems(), "UTC")
    return read.stage if read is not None else None


def _joined(one: Overlap, more: Overlap) -> Overlap:
    """One offer of which two versions meet: the longest of their times, the most of their goods."""
    most = one if one.count >= more.count else more
    ends = min(one.since, more.since), max(one.until, more.until)
    return replace(most, since=ends[0], until=ends[1], versions=(*one.versions, *more.versions))


def _when(one: Standing, other: Standing, now: int) -> tuple[int, int] | Apart:
    """From when until when two meet if their goods do, or why they never do."""
    found = meet(one.reach, other.reach, now)
    if not isinstance(found, Apart):
        mine, theirs = _prices(one.data), _prices(other.data)
        if mine and theirs and (mine[0] > theirs[1] or theirs[0] > mine[1]):
            return Apart("prices")
    return found


def _prices(data: Mapping[str, Any]) -> tuple[int, int] | None:
    asked = (data.get("scope") or {}).get("list_price")
    return (int(asked.get("from") or 0), int(asked.get("to") or 1 << 62)) if asked else None
