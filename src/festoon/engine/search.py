"""The best legal set that holds given coupons, found depth first with bounds; a proof, or what could still be gained."""

from __future__ import annotations

from festoon.engine.amounts import Amounts
from festoon.engine.bounds import Bounds
from festoon.engine.cart import Cart
from festoon.engine.pricetags import holders, never_lowest
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties
from festoon.engine.turn import turn

Key = tuple[int, int, int, int, tuple[tuple[int, str], ...]]
"""The saving, then what is used the least: balances, coupons, offers; then priorities and codes."""


class Search:
    """One tree after another over the candidates of a cart, all within one budget of branches.

    Offers are decided in the order of their turns. A branch is opened only where an offer that could serve may be
    left out: where an exclusion ties it to an offer that is in, or may come; or where it steps aside by itself. So a
    cart without exclusions is played straight through.

    `steps` counts branches, `open` is the most that a branch left unopened could have saved. After a run, `mask` is
    the set. Without `strict`, `always` offers and the policy of conflicts give way.
    """

    __slots__ = (
        "active",
        "best",
        "bounds",
        "cart",
        "forced",
        "key",
        "mask",
        "most_steps",
        "open",
        "steps",
        "strict",
        "tied",
        "ties",
        "yields",
    )

    def __init__(self, cart: Cart, ties: Ties, most_steps: int) -> None:
        self.cart, self.ties, self.most_steps = cart, ties, most_steps
        self.bounds = Bounds(cart, ties)
        self.tied = [ties.tied(k) for k in range(len(cart.offers))]
        self.steps, self.open = 0, 0
        self.strict = True
        self.active, self.forced = 0, 0
        self.best: Amounts | None = None
        self.mask = 0
        self.yields = ties.yields
        self.key: Key = (0, 0, 0, 0, ())

    def run(self, active: int, forced: int) -> Amounts | None:
        """The end of the best legal set among the `active` bits that holds all `forced` ones; None when none does."""
        self.best, self.active, self.forced = None, active, forced
        self.yields = self.ties.yields if self.strict else self.tied
        for k, offer in enumerate(self.cart.offers):
            if self.ties.order[k] & forced:
                if forced >> k & 1:
                    return None
                if not (offer.always and self.strict):
                    self.active &= ~(1 << k)
        start = self.cart.start
        if any(self.ties.line):
            start = Amounts(start.left, start.kept, [0] * len(start.left))
        self._go(0, start, 0, 0)
        return self.best

    def _go(self, k: int, amounts: Amounts, mask: int, out: int) -> None:
        """Decide candidates k, k + 1, … with `mask` in, and `out` left out although they could have served."""
        offers, order = self.cart.offers, self.ties.order
        while k < len(offers):
            bit, blocked, aside = 1 << k, order[k] & mask, self.cart.steps_aside(k) and not self.forced >> k & 1
            k += 1
            if not self.active & bit or (blocked and (aside or blocked & self.yields[k - 1])):
                if bit & self.forced:
                    return
                continue
            after = self._turn(k - 1, amounts)
            if after is None:
                if bit & self.forced:
                    return
                continue
            leave = aside or self._may_leave(k - 1, mask)
            if blocked:
                if not leave:
                    return  # what is in may not push this one out
                out |= bit
            elif not leave:
                amounts, mask = after, mask | bit
            elif self._hopeless(k - 1, amounts, mask):
                return
            else:
                self.steps += 1
                self._go(k, after, mask | bit, out)
                out |= 0 if aside else bit
        self._leaf(amounts, mask, out)

    def _may_leave(self, k: int, mask: int) -> bool:
        """Whether the set may do without candidate k: something it yields to is in, or may come.

        A price that could keep others out is tried both ways: in the end it may not be the lowest.
        """
        offer, later = self.cart.offers[k], self.active & -(2 << k)
        if self.forced >> k & 1:
            return False
        if offer.stage == PRICE:
            return bool(self.tied[k] & self.active)
        return bool(self.yields[k] & (mask | later))

    def _turn(self, k: int, amounts: Amounts) -> Amounts | None:
        """The amounts after candidate k, on the rows that no exclusion by line closes to it; None if it cannot serve."""
        rows = self.ties.open_rows(k, amounts)
        if not rows:
            return None
        after = turn(self.cart, k, rows, amounts)
        return after if isinstance(after, Amounts) else None

    def _hopeless(self, k: int, amounts: Amounts, mask: int) -> bool:
        """Whether nothing better can come of this branch; or its bound is noted, because the steps have run out."""
        if self.best is None and self.steps < 4 * self.most_steps:
            return False
        bound = amounts.saved + self.bounds.ahead(k, amounts, mask, self.active)
        if self.steps >= self.most_steps:
            self.open = max(self.open, bound)
            return True
        return bound < self.key[0]

    def _leaf(self, amounts: Amounts, mask: int, out: int) -> None:
        mask = self._holding(amounts, mask)
        if mask < 0 or (self.best is not None and amounts.saved < self.key[0]):
            return
        members = []
        for k, offer in enumerate(self.cart.offers):
            if out >> k & 1 and not self._stands_aside(k, amounts, mask):
                return
            if mask >> k & 1:
                members.append((offer.priority, offer.code))
        coupons = (mask & self.cart.coupon_bits).bit_count()
        key = (amounts.saved, -amounts.drawn, -coupons, -len(members), tuple(sorted(members)))
        if self.best is None or key[:4] > self.key[:4] or (key[:4] == self.key[:4] and key[4] < self.key[4]):
            self.best, self.mask, self.key = amounts, mask, key

    def _stands_aside(self, k: int, amounts: Amounts, mask: int) -> bool:
        """Whether a member of the set ties candidate k out of it, or its price would not have been the lowest."""
        ties, yields = self.ties, self.yields[k]
        if ties.order[k] & yields & mask:
            return True
        line = ties.line[k] & yields & mask
        if line and any([amounts.serves[r] & line for r in self.cart.rows[k]]):
            return True
        return self.cart.offers[k].stage == PRICE and never_lowest(self.cart, k, amounts)

    def _holding(self, amounts: Amounts, mask: int) -> int:
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
