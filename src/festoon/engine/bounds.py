"""How much the offers that are still to decide can save at most."""

from __future__ import annotations

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.ties import Ties
from festoon.engine.view import View


class Bounds:
    """Offers of one clique of exclusions exclude each other, so only the largest of them can count."""

    __slots__ = ("cart", "clique", "ties")

    def __init__(self, cart: Cart, ties: Ties) -> None:
        self.cart, self.ties = cart, ties
        self.clique = _cliques(ties.order)

    def ahead(self, k: int, amounts: Amounts, mask: int, active: int) -> int:
        """A bound on what candidates k, k + 1, … can still save after `mask`."""
        best: dict[int, int] = {}
        cart, ties = self.cart, self.ties
        for j in range(k, len(cart.offers)):
            if active >> j & 1 and not ties.order[j] & mask:
                offer = cart.offers[j]
                if offer.benefit.balance:
                    continue
                most = offer.benefit.most(View(cart, j, offer, cart.rows[j], amounts))
                clique = self.clique[j]
                if most > best.get(clique, 0):
                    best[clique] = most
        return sum(best.values())


def _cliques(order: list[int]) -> list[int]:
    """A clique for every candidate: the first whose members all exclude it, else one of its own."""
    members: list[int] = []
    clique = []
    for k, partners in enumerate(order):
        for c, bits in enumerate(members):
            if bits & ~partners == 0:
                members[c] |= 1 << k
                clique.append(c)
                break
        else:
            clique.append(len(members))
            members.append(1 << k)
    return clique
