"""The amounts of a cart after some offers had their turn.

An `Amounts` never changes: an offer that serves makes the next one, which remembers what was taken and what stood
before it. So the search can go back for nothing, and the last one is the record of the whole price.

Lists of amounts stand beside the rows of the cart; the last place is shipping.
"""

from __future__ import annotations

from festoon.base.money import share, share_within
from festoon.engine.facts import Row
from festoon.engine.offer import Gift
from festoon.engine.stages import PRICE

Bid = tuple[int, int, int]
"""A price offer's word for a row: what it takes off in all, for how many units, and whose it is."""


class Served:
    """What one offer took at its turn: `cuts` beside `rows`, and `given`: row → what each of its units was given.

    `tagged` marks the price stage: there `cuts` are what the price fell by, and the bids say whose units they are.

    `k` is the offer's place among the candidates; `floor_cut` what floors kept it from taking; `scarce` says that
    what is left of it gave less than the cart could use.
    """

    __slots__ = ("cuts", "floor_cut", "gifts", "given", "k", "rows", "scarce", "tagged", "total")

    def __init__(
        self,
        k: int,
        rows: list[int],
        cuts: list[int],
        total: int,
        gifts: tuple[Gift, ...],
        given: dict[int, list[int]],
        floor_cut: int,
        scarce: bool,
    ) -> None:
        self.k, self.rows, self.cuts, self.total = k, rows, cuts, total
        self.gifts, self.given, self.floor_cut, self.scarce = gifts, given, floor_cut, scarce
        self.tagged = False


class Amounts:
    """`left` to pay; `entry` as it was when `stage` began; `tag` after the price stage; `saved` in all, gifts counted.

    `drawn` is what balances paid, which is no saving.
    `bids` (price offers, by row), `groups` (what the first of a group saw), `kept` (what the merchant of a row keeps;
    empty without net floors) and `serves` (which candidates serve on a row, as bits; empty without exclusions by line).
    """

    __slots__ = (
        "before",
        "bids",
        "drawn",
        "entry",
        "groups",
        "kept",
        "left",
        "saved",
        "served",
        "serves",
        "stage",
        "tag",
    )

    def __init__(self, left: list[int], kept: list[int], serves: list[int]) -> None:
        self.left = left
        self.entry = left
        self.tag = left
        self.stage = PRICE
        self.kept = kept
        self.serves = serves
        self.saved = 0
        self.drawn = 0
        self.bids: dict[int, list[Bid]] = {}
        self.groups: dict[str, list[int]] = {}
        self.before: Amounts | None = None
        self.served: Served | None = None

    def after(self, served: Served, left: list[int], stage: int, worth: int) -> Amounts:
        """The amounts after one more offer; `worth` is what it saved, gifts counted."""
        new = Amounts(left, self.kept, self.serves)
        new.before, new.served = self, served
        new.stage = stage
        new.entry = self.entry if stage == self.stage else self.left
        new.tag = left if stage == PRICE else self.left if self.stage == PRICE else self.tag
        new.bids, new.groups = self.bids, self.groups
        new.saved = self.saved + worth
        new.drawn = self.drawn
        return new

    def log(self) -> list[Served]:
        """What every offer took, in the order of their turns."""
        found: list[Served] = []
        at: Amounts | None = self
        while at is not None:
            if at.served is not None:
                found.append(at.served)
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
    parts = share(cut, values)
    for i, part in enumerate(parts):
        if values[i] - part < floor:
            return share_within(cut, values, [max(0, v - floor) for v in values])
    return parts


def unit_values(amounts: Amounts, r: int, row: Row) -> list[int]:
    """What is left on each unit of row `r`, in the order of its units."""
    if row.quantity == 1:
        return [amounts.left[r]]
    values = tagged(row, amounts.bids.get(r, []))
    for served in amounts.log():
        if r in served.rows and not served.tagged:
            for i, part in enumerate(unit_cuts(served, r, row, values)):
                values[i] -= part
    return values


def unit_cuts(served: Served, r: int, row: Row, values: list[int]) -> list[int]:
    """What an offer took from each unit of row `r`, which held `values` before it."""
    if r in served.given:
        return served.given[r]
    return split(served.cuts[served.rows.index(r)], values, row.tag_floor)
