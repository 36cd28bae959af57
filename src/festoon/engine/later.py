"""What will at most be left when a later offer has its turn.

Some percentages are sure to serve before it: nothing ties them, and nothing they ask for can fail. By so much less
will reach it, and a bound that is told so is nearer to the truth.
"""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.stages import PRICE

BITS: Final = 29
WHOLE: Final = 10_000


class Later:
    """Of the `rated` candidates, untied percentages, those that are sure to take their part from their rows.

    `fall[k]` is the part of each row that those before candidate k leave, `first[k]` the first candidate of its stage,
    `grouped` the first of every group: what it saw, the others of the group look at.
    """

    __slots__ = ("cart", "count", "fall", "first", "grouped", "known", "known_fall", "slack")

    def __init__(self, cart: Cart, rated: int, rows: list[list[int]], rates: list[int]) -> None:
        self.cart = cart
        n = len(cart.offers)
        self.known: Amounts | None = None
        self.known_fall: list[int] = []
        sure = {k for k in range(n) if rated >> k & 1 and self._sure(k, rows[k])}
        self.count = len(sure)
        self.slack = [2 * self.count * row.quantity for row in cart.facts.rows]
        self.slack.append(2 * self.count)
        fall = [1 << BITS] * len(cart.gross)
        self.fall, self.first = [fall] * n, [0] * n
        self.grouped: dict[str, int] = {}
        for k, offer in enumerate(cart.offers):
            if offer.group is not None:
                self.grouped.setdefault(offer.group, k)
            self.fall[k] = fall
            self.first[k] = k if not k or cart.offers[k - 1].stage != offer.stage else self.first[k - 1]
            if k in sure:
                fall = fall[:]
                for r in rows[k]:
                    fall[r] = fall[r] * (WHOLE - rates[k]) // WHOLE

    def _sure(self, k: int, rows: list[int]) -> bool:
        cart, offer = self.cart, self.cart.offers[k]
        if offer.tests or offer.scope.untouched or not offer.benefit.by_line(offer):
            return False
        if offer.code in cart.facts.availability or cart.start.kept:
            return False
        return not any([cart.low[r] for r in rows])

    def amounts(self, k: int, amounts: Amounts) -> Amounts:
        """The amounts before the first turn, less what is sure to go before candidate k has its turn."""
        offer = self.cart.offers[k]
        if offer.stage == PRICE or self.fall[k] is self.fall[0]:
            return amounts
        known = self.known
        if known is not None and known.stage == offer.stage and self.fall[k] is self.known_fall:
            return known
        later = Amounts(self._fallen(k, amounts.left), amounts.kept, amounts.serves)
        later.tag = amounts.left
        later.entry = self._fallen(self.first[k], amounts.left)
        later.groups = {group: (self._fallen(first, amounts.left), None) for group, first in self.grouped.items()}
        later.stage = offer.stage
        self.known, self.known_fall = later, self.fall[k]
        return later

    def _fallen(self, k: int, left: list[int]) -> list[int]:
        whole, count, fall = 1 << BITS, self.count, self.fall[k]
        if fall is self.fall[0]:
            return left
        rows = zip(left, fall, self.slack)  # noqa: B905  beside each other
        return [a if b == whole else min(a, (a * (b + count) >> BITS) + more) for a, b, more in rows]
