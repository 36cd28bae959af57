"""Which sets are legal."""

from __future__ import annotations

from festoon.engine.amounts import Amounts
from festoon.engine.branch import Branch
from festoon.engine.cart import Cart
from festoon.engine.pricetags import holders, never_lowest
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties, bits_of


class Legal:
    """What may be together, and what may be left out, among the candidates `active` of one tree.

    `tied[k]` are those that candidate k may not serve with, `yields[k]` those of them for which it may be left out,
    `pushes[k]` those that go out when it is in. `forced` have to be in, `free` are tied to nobody, `asides` may always
    be left out; `firm` are coupons that yield to nobody.
    """

    __slots__ = ("active", "all_asides", "asides", "cart", "firm", "forced", "free", "pushes", "tied", "ties", "yields")

    def __init__(self, cart: Cart, ties: Ties) -> None:
        self.cart, self.ties = cart, ties
        self.tied = ties.tied
        self.yields = ties.yields
        self.active, self.forced, self.free, self.asides = 0, 0, 0, 0
        self.pushes: list[int] = []
        self.all_asides, self.firm = cart.asides, cart.coupon_bits

    def begin(self, active: int, forced: int) -> None:
        """Another tree."""
        self.active, self.forced = active, forced
        self.asides = self.all_asides & ~forced
        alike, going = self.ties.alike, self.asides | ~self.firm
        self.free = 0
        self.pushes = [0] * len(self.tied)
        for k, tied in enumerate(self.tied):
            if tied & active:
                out = self.ties.order[k] & active
                if alike:
                    self.pushes[k] = out & going
                elif out:
                    self.pushes[k] = out & self.asides | self._yielding(k, out & ~self.asides)
            elif not self.asides >> k & 1:
                self.free |= 1 << k

    def _yielding(self, k: int, others: int) -> int:
        """Those of some others that may be left out for candidate k."""
        found = 0
        while others:
            bit = others & -others
            others ^= bit
            if self.yields[bit.bit_length() - 1] >> k & 1:
                found |= bit
        return found

    def may_leave(self, k: int, bit: int, mask: int, ahead: int) -> bool:
        """Whether the set may do without candidate k, which is tied: something it yields to is in, or may come.

        A price that could keep others out is tried both ways: in the end it may not be the lowest.
        """
        if bit & (self.asides | self.cart.price_bits):
            return True
        return bool(self.yields[k] & (mask | ahead))

    def settled(self, branch: Branch, k: int) -> bool:
        """Whether all that was left out can still find what keeps it out; where only one is left for it, that is needed.

        Candidate k was decided last: it may have closed every row to another.
        """
        closed = self.ties.line[k] & branch.ahead if branch.mask >> k & 1 else 0
        if closed:
            self._close(closed, branch)
        if not branch.loose:
            return True
        branch.loose = False
        if (self.forced | branch.needed) & ~(branch.mask | branch.ahead) >> k + 1 << k + 1:
            return False
        if not branch.out:
            return True
        goods = ~self.cart.price_bits
        out = branch.out & goods
        while out:
            k = (out & -out).bit_length() - 1
            out &= out - 1
            yields = self.yields[k]
            if self.ties.order[k] & yields & branch.mask & goods:
                branch.out ^= 1 << k  # it is kept out for good
                continue
            around = yields & (branch.mask | branch.ahead)
            if not around:
                return False
            if not around & (around - 1) and around & branch.ahead & ~branch.needed:
                branch.needed |= around
                branch.ahead &= ~self.pushes[around.bit_length() - 1]
                out = branch.out & goods
        return not branch.needed & ~(branch.mask | branch.ahead)

    def _close(self, partners: int, branch: Branch) -> None:
        """Those of some partners by line that have no row left fall away."""
        for j in bits_of(partners):
            if not self.ties.still_open(j, self.cart.rows[j], branch.amounts):
                branch.ahead ^= 1 << j
                branch.loose = True

    def stands_aside(self, k: int, amounts: Amounts, mask: int) -> bool:
        """Whether a member of the set ties candidate k out of it, or its price would not have been the lowest."""
        ties, yields = self.ties, self.yields[k]
        if ties.order[k] & yields & mask:
            return True
        line = ties.line[k] & yields & mask
        if line and amounts.closed(line) & self.cart.reach(k, self.cart.rows[k]):
            return True
        return self.cart.offers[k].stage == PRICE and never_lowest(self.cart, k, amounts)

    def holding(self, amounts: Amounts, mask: int) -> int:
        """`mask` without price offers that lost every unit; -1 when such a one kept another out, or has to be in."""
        prices = mask & self.cart.price_bits
        if not prices:
            return mask
        held = holders(amounts, list(amounts.bids), [row.quantity for row in self.cart.facts.rows])
        for k in range(len(self.cart.offers)):
            if prices >> k & 1 and k not in held:
                if (self.tied[k] & self.active) or self.forced >> k & 1:
                    return -1
                mask &= ~(1 << k)
        return mask
