"""A beginning of a set of offers, in the search for the best one."""

from __future__ import annotations

from festoon.engine.amounts import Amounts

UNBOUND = 1 << 62


class Branch:
    """`mask` is in, `out` left out although it could have served, `ahead` still to decide; all of them bits.

    `needed` has to come in, for nothing else keeps out what was left out. `values` bound what each candidate can take;
    those of the `stale` ones were told before something was taken. `bound` is one on what the whole set saves.
    """

    __slots__ = ("ahead", "amounts", "bound", "mask", "needed", "out", "stale", "values")

    def __init__(self, amounts: Amounts, ahead: int, values: list[int]) -> None:
        self.amounts, self.ahead, self.values = amounts, ahead, values
        self.mask, self.out, self.needed, self.stale = 0, 0, 0, 0
        self.bound = UNBOUND

    def copy(self) -> Branch:
        """The same branch, to go another way."""
        new = Branch(self.amounts, self.ahead, self.values)
        new.mask, new.out, new.needed, new.stale = self.mask, self.out, self.needed, self.stale
        new.bound = self.bound
        return new

    def take(self, after: Amounts, bit: int, pushes: int, touches: int) -> None:
        """One more is in: it pushes others out, and touches what others can take."""
        self.amounts, self.mask, self.ahead = after, self.mask | bit, self.ahead & ~pushes
        self.stale |= touches
