"""A rough bound for small trees: so cheap that it pays for a single branch."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.ties import Ties, bits_of
from festoon.engine.view import View, of_rows

WHOLE: Final = 10_000


class Rough:
    """What each candidate takes at most, told by itself; a benefit that is asked is asked once, before the first turn."""

    __slots__ = ("_most", "cart", "ties")

    def __init__(self, cart: Cart, ties: Ties) -> None:
        self.cart, self.ties = cart, ties
        self._most: dict[int, int] = {}

    def reaches(self, amounts: Amounts, ahead: int, least: int) -> bool:
        """Whether the candidates `ahead` may bring what is saved up to `least`.

        Each counts for the most that it could take, for amounts only fall; of two that exclude each other, the larger.
        """
        saved, order = amounts.saved, self.ties.order
        while ahead and saved < least:
            k = (ahead & -ahead).bit_length() - 1
            ahead &= ahead - 1
            most, others = self._of(k, amounts), order[k] & ahead
            if others:
                other = others & -others
                ahead ^= other
                most = max(most, self._of(other.bit_length() - 1, amounts))
            saved += most
        return saved >= least

    def most(self, candidates: int, amounts: Amounts) -> int:
        """What some candidates, each by itself, could take at most."""
        return sum([self._of(k, amounts) for k in bits_of(candidates)])

    def _of(self, k: int, amounts: Amounts) -> int:
        """What candidate k could take at most."""
        cart = self.cart
        offer, rows = cart.offers[k], cart.rows[k]
        if offer.amount:
            return offer.amount
        if offer.percent and offer.plainly_running and offer.on_goods:
            return sum(of_rows(amounts.left, rows)) * offer.percent // WHOLE + len(rows)  # each row may be rounded up
        most = self._most.get(k, -1)
        if most < 0:
            most = self._most[k] = 0 if offer.balance else self._asked(View(cart, k, offer, rows, cart.start))
        return most

    def _asked(self, view: View) -> int:
        """What its benefit says, which says less where nothing takes rows away and no price on a tag will change."""
        benefit = view.offer.benefit
        sure = not (self.ties.line[view.k] or self.cart.price_bits or view.offer.scope.untouched)
        return benefit.most_of_these(view) if sure else benefit.most(view)
