"""One set of offers played from the first turn to the last, with the reason of every offer that is not in it."""

from __future__ import annotations

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.pricetags import holders, never_lowest
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties
from festoon.engine.turn import turn
from festoon.engine.verdicts import No


class Play:
    """`amounts` at the end, the bits `mask` of those that served, and the refusal `why[k]` of each of the others.

    A candidate that could have served, and is not in the set, has no refusal: it was excluded or beaten.
    """

    __slots__ = ("amounts", "cart", "mask", "ties", "why")

    def __init__(self, cart: Cart, ties: Ties | None, mask: int) -> None:
        self.cart, self.ties = cart, ties
        self.why: dict[int, No] = {}
        self.mask = 0
        amounts = cart.start
        if ties is not None and any(ties.line):
            amounts = Amounts(amounts.left, amounts.kept, [0] * len(amounts.left))
        for k in range(len(cart.offers)):
            goods = ties.open_rows(k, amounts) if ties is not None else cart.rows[k]
            after = turn(cart, k, goods, amounts)
            if isinstance(after, No):
                no = self._refusal(k, goods, amounts, after)
                if mask >> k & 1 or no is not None:
                    self.why[k] = no or after
            elif mask >> k & 1:
                self.mask |= 1 << k
                amounts = after
        self.amounts = amounts
        if amounts.bids:
            self._outbid()

    def _outbid(self) -> None:
        """Price offers that another's lower price left without a unit did not serve after all."""
        cart = self.cart
        held = holders(self.amounts, list(self.amounts.bids), [row.quantity for row in cart.facts.rows])
        for k, offer in enumerate(cart.offers):
            if offer.stage != PRICE or k in held or k in self.why:
                continue
            if self.mask >> k & 1 or never_lowest(cart, k, self.amounts):
                self.mask &= ~(1 << k)
                self.why[k] = No("beaten", "lower_price")

    def _refusal(self, k: int, goods: list[int], amounts: Amounts, no: No) -> No | None:
        """Why candidate k does not serve; None when it could, were it not for the rows that exclusions closed to it.

        With every row closed, it is what it lacks on its rows as they are.
        """
        rows = self.cart.rows[k]
        if len(goods) == len(rows):
            return no
        whole = turn(self.cart, k, rows, amounts)
        if not isinstance(whole, No):
            return None
        return no if goods else whole

    def reaching(self, rank: int) -> Amounts:
        """The amounts that reach an offer of this rank that is not a candidate."""
        at = self.amounts
        while at.before is not None and at.served is not None and self.cart.offers[at.served.k].rank > rank:
            at = at.before
        return at

    def before(self, k: int) -> Amounts:
        """The amounts that reached candidate k."""
        at: Amounts | None = self.amounts
        while at is not None and at.before is not None:
            if at.served is not None and at.served.k == k:
                return at.before
            at = at.before
        return self.cart.start

    def all_coupons_served(self) -> bool:
        """Whether every chosen coupon serves."""
        return all(self.mask >> k & 1 for k in self.cart.chosen)
