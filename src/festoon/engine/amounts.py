"""The amounts of a cart after some offers had their turn.

An offer that serves changes the amounts in place; who wants to come back to them takes a copy before. What was taken
is kept apart, in records that never change and lead each to the one before it: the last one is the whole price.

Lists of amounts stand beside the rows of the cart; the last place is shipping.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from festoon.base.money import share, share_within
from festoon.engine.facts import Row
from festoon.engine.offer import Gift
from festoon.engine.stages import PRICE

Bid = tuple[int, int, int]
"""A price offer's word for a row: what it takes off in all, for how many units, and whose it is."""
Bids = dict[int, list[Bid]]
NO_BIDS: Final[Bids] = {}
NOT_GIVEN: Final[dict[int, list[int]]] = {}
"""No unit was pointed at."""
NOBODY_SERVES: Final[dict[int, int]] = {}


class Served:
    """What one offer took at its turn: `cuts` beside `rows`; `before` is who served before it.

    `given`: row → what each of its units was given. A benefit that points at units fills it; for the other rows of
    more than one unit it is filled in when somebody asks for units (`unit_cuts`). `after`: row → what was left on each
    of its units then, of the rows that somebody asked for.

    `bids` marks the price stage: the word of every price offer so far, which says whose units they are; there `cuts`
    are what the price fell by. `k` is the offer's place among the candidates; `floor_cut` what floors kept it from
    taking; `scarce` says that what is left of it gave less than the cart could use.
    """

    __slots__ = ("after", "before", "bids", "cuts", "floor_cut", "gifts", "given", "k", "rows", "scarce", "total")

    def __init__(
        self,
        k: int,
        rows: list[int],
        cuts: list[int],
        total: int,
        given: dict[int, list[int]] = NOT_GIVEN,
        gifts: tuple[Gift, ...] = (),
        floor_cut: int = 0,
        scarce: bool = False,
        bids: Bids | None = None,
    ) -> None:
        self.k, self.rows = k, rows
        self.cuts, self.total = cuts, total
        self.gifts, self.given = gifts, given
        self.floor_cut, self.scarce = floor_cut, scarce
        self.bids = bids
        self.before: Served | None = None
        self.after = NOT_GIVEN

    def give(self, r: int, parts: list[int]) -> None:
        """Note what each unit of a row was given."""
        if self.given is NOT_GIVEN:
            self.given = {}
        self.given[r] = parts

    def leave(self, r: int, values: list[int]) -> None:
        """Note what was left on each unit of a row."""
        if self.after is NOT_GIVEN:
            self.after = {}
        self.after[r] = values


Begun = tuple[list[int], Served | None]
"""What was left of every row when a group began, and who had served last."""
NO_GROUPS: Final[dict[str, Begun]] = {}


class Amounts:
    """`left` to pay; `entry` as it was when `stage` began; `tag` after the price stage; `saved` in all, gifts counted.

    `drawn` is what balances paid, which is no saving; `last` the offer that served last.
    `bids` (price offers, by row), `groups` (as each began), `kept` (what the merchant of a row keeps;
    empty without net floors) and `serves` (on which rows, as bits, those serve that exclusions by line tie).

    `left` is its own and changes; every other list and mapping is shared with copies and replaced whole.
    """

    __slots__ = ("bids", "drawn", "entry", "groups", "kept", "last", "left", "saved", "serves", "stage", "tag")

    def __init__(self, left: list[int], kept: list[int], serves: dict[int, int]) -> None:
        self.left = left
        self.entry = left
        self.tag = left
        self.stage = PRICE
        self.kept = kept
        self.serves = serves
        self.saved = 0
        self.drawn = 0
        self.bids = NO_BIDS
        self.groups = NO_GROUPS
        self.last: Served | None = None

    def copy(self) -> Amounts:
        """The same amounts, to be changed apart from these."""
        new = Amounts(self.left[:], self.kept, self.serves)
        new.entry, new.tag, new.stage = self.entry, self.tag, self.stage
        new.saved, new.drawn, new.last = self.saved, self.drawn, self.last
        new.bids, new.groups = self.bids, self.groups
        return new

    def closed(self, line: int) -> int:
        """The rows, as bits, on which some of the candidates `line` serve."""
        rows = 0
        for k, reach in self.serves.items():
            if line >> k & 1:
                rows |= reach
        return rows

    def enter(self, stage: int) -> None:
        """Begin a stage: what enters it is what is left now."""
        self.entry = self.left[:]
        if self.stage == PRICE:
            self.tag = self.entry
        self.stage = stage

    def log(self) -> list[Served]:
        """What every offer took, in the order of their turns."""
        found: list[Served] = []
        at = self.last
        while at is not None:
            found.append(at)
            at = at.before
        found.reverse()
        return found


def pieces(bids: list[Bid], quantity: int) -> list[Bid]:
    """The bids that hold units of a row: the best per unit first, each unit at exactly one price."""
    held: list[Bid] = []
    for cut, n, k in bids:
        if not quantity:
            break
        m = min(n, quantity)
        held.append((cut * m // n, m, k))
        quantity -= m
    return held


def tagged(row: Row, bids: list[Bid]) -> list[int]:
    """The price of each unit of the row after the price stage."""
    values = [row.unit_price] * row.quantity
    first = 0
    for cut, n, _ in pieces(bids, row.quantity):
        for i, part in enumerate(share(cut, [1] * n)):
            values[first + i] -= part
        first += n
    return values


def split(cut: int, values: list[int], floor: int) -> list[int]:
    """What each unit of a row bears of a cut: by largest remainder over what is left on it, none below its floor."""
    first, n = values[0], len(values)
    if n == 2 and not floor and cut:  # as below, without the way there
        whole = 2 * (first + values[1])
        part = (2 * cut * first + whole // 2) // whole
        return [part, cut - part]
    if values.count(first) == n:
        return evenly(cut, first, n, floor)
    return _by_value(cut, values, floor)


def evenly(cut: int, value: int, n: int, floor: int) -> list[int]:
    """The same of `n` units that have `value` left each: the first ones bear one more."""
    each = cut // n
    more = cut - each * n
    if value - each - 1 < floor and value - each - (more > 0) < floor:
        return _by_value(cut, [value] * n, floor)
    return [each + 1] * more + [each] * (n - more) if more else [each] * n


def _by_value(cut: int, values: list[int], floor: int) -> list[int]:
    parts = share(cut, values)
    if floor and min([value - part for value, part in zip(values, parts, strict=True)]) < floor:
        return share_within(cut, values, [max(0, v - floor) for v in values])
    return parts


def unit_values(at: Served | None, left: list[int], bids: Bids, r: int, row: Row) -> list[int]:
    """What was `left` on each unit of row `r`, in the order of its units, after an offer served and all before it."""
    if row.quantity == 1:
        return [left[r]]
    touched: list[Served] = []
    places: list[int] = []
    while at is not None and r not in at.after:
        if at.bids is None:
            place = _place(at.rows, r)
            if place >= 0 and at.cuts[place]:
                touched.append(at)
                places.append(place)
        at = at.before
    if at is not None:
        values = at.after[r]
    elif r in bids:
        values = tagged(row, bids[r])
    else:
        values = [row.unit_price] * row.quantity
    while touched:
        served, place = touched.pop(), places.pop()
        parts = served.given.get(r)
        if parts is None:
            parts = split(served.cuts[place], values, row.tag_floor)
            served.give(r, parts)
        values = [v - part for v, part in zip(values, parts)]  # noqa: B905  beside each other
        served.leave(r, values)
    return values


def _place(rows: list[int], r: int) -> int:
    """Where row `r` stands among some rows, which rise; -1 where it does not."""
    if r < len(rows) and rows[r] == r:
        return r
    place = bisect_left(rows, r)
    return place if place < len(rows) and rows[place] == r else -1
