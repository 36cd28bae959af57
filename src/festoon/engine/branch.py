"""A beginning of a set of offers, in the search for the best one."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import Amounts, Served
from festoon.engine.verdicts import No

UNBOUND: Final = (1 << 62) - 1
"""Of a branch of which no bound is known; as large as compiled code compares without asking Python."""


class Refused:
    """Candidate `k` did not serve at its turn, and why; `before` is who did not before it."""

    __slots__ = ("before", "k", "no")

    def __init__(self, k: int, no: No, before: Refused | None) -> None:
        self.k, self.no, self.before = k, no, before


class Branch:
    """`mask` is in, `out` left out although it could have served, `ahead` still to decide; all of them bits.

    `needed` has to come in, for nothing else keeps out what was left out. `bound` is one on what the whole set saves,
    `bounded` that it was told of the branch as it is. `could` have served and is not in, whatever the reason; `refused`
    is the last that could not. `loose`: somebody fell away since it was asked whether what was left out may be.
    """

    __slots__ = (
        "ahead", "amounts", "bound", "bounded", "could", "loose", "mask", "needed", "out", "refused",
    )  # fmt: skip

    def __init__(self, amounts: Amounts, ahead: int) -> None:
        self.amounts, self.ahead = amounts, ahead
        self.mask = self.out = self.could = self.needed = 0
        self.bound, self.bounded, self.loose = UNBOUND, False, True
        self.refused: Refused | None = None

    def copy(self) -> Branch:
        """The same branch, to go another way."""
        new = Branch(self.amounts, self.ahead)
        new.mask, new.out, new.could, new.needed = self.mask, self.out, self.could, self.needed
        new.bound, new.loose, new.refused = self.bound, self.loose, self.refused
        return new

    def take(self, after: Amounts, bit: int, pushes: int) -> None:
        """One more is in, and pushes others out."""
        self.amounts = after
        self.mask |= bit
        if self.ahead & pushes:
            self.ahead &= ~pushes
            self.loose = True
        self.bounded = False

    def leave(self, bit: int, out: int) -> None:
        """One that could have served is not in; it is `out` unless it steps aside by itself."""
        self.could |= bit
        self.out |= out
        self.loose, self.bounded = True, False

    def refuse(self, k: int, no: No) -> None:
        """One could not serve."""
        self.refused = Refused(k, no, self.refused)
        self.loose, self.bounded = True, False


class Found:
    """The best set: its bits, what it saves, and what no other saves more than.

    What was seen on the way to it: `served` is what each member took, `refused` why others did not serve, `could` who
    might have. In the price stage nothing of it stands, for the parts of a cart bid together. `end` are the amounts after
    it, where the cart is of one part.
    """

    __slots__ = ("could", "end", "mask", "most", "refused", "saved", "served")

    def __init__(self, mask: int, saved: int, most: int) -> None:
        self.mask, self.saved, self.most = mask, saved, most
        self.served: dict[int, Served] = {}
        self.refused: dict[int, No] = {}
        self.could = 0
        self.end: Amounts | None = None

    @property
    def proven(self) -> bool:
        """Whether nothing was left untried."""
        return self.most <= self.saved

    def remember(self, branch: Branch, prices: int) -> None:
        """What was seen on the way to the end of a branch; nothing of the candidates `prices`."""
        self.could = branch.could & ~prices
        self.end = branch.amounts
        served, refused = branch.amounts.last, branch.refused
        while served is not None:
            if served.bids is None:
                self.served[served.k] = served
            served = served.before
        while refused is not None:
            if not prices >> refused.k & 1:
                self.refused[refused.k] = refused.no
            refused = refused.before

    def join(self, other: Found) -> None:
        """Add the best set of candidates that do not touch these."""
        self.mask |= other.mask
        self.saved += other.saved
        self.most += other.most
        self.could |= other.could
        self.served.update(other.served)
        self.refused.update(other.refused)
