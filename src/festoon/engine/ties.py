"""The exclusions that are live on one cart, as bits over its candidates."""

from __future__ import annotations

from festoon.engine.book import Book, Relation
from festoon.engine.cart import Cart
from festoon.engine.stages import PRICE


class Ties:
    """For every candidate k: `order[k]` may not be in one set with it; `line[k]` may not serve a row with it.

    `yields[k]` are those of them for which it may be left out: none for a chosen coupon, only the like for an
    `always` offer, chosen coupons and offers of higher priority under the policy "priority", else all of them.
    """

    __slots__ = ("all", "line", "order", "relations", "yields")

    def __init__(self, cart: Cart) -> None:
        n = len(cart.offers)
        self.order, self.line = [0] * n, [0] * n
        self.relations: list[tuple[int, int, Relation | None]] = []
        self._relate(cart, cart.book)
        self._exclude(cart)
        self.all = [a | b for a, b in zip(self.order, self.line, strict=True)]
        self.yields = [self._yields(cart, k) for k in range(n)]

    def _relate(self, cart: Cart, book: Book) -> None:
        place = {offer.rank: k for k, offer in enumerate(cart.offers)}
        for k, offer in enumerate(cart.offers):
            for relation in book.partners.get(offer.rank, ()):
                other = place.get(relation.b if relation.a == offer.rank else relation.a)
                if other is None or other <= k or not relation.window.holds(cart.facts.at):
                    continue
                if relation.line and not _share_a_row(cart, k, other):
                    continue
                grain = self.line if relation.line else self.order
                grain[k] |= 1 << other
                grain[other] |= 1 << k
                self.relations.append((k, other, relation))

    def _exclude(self, cart: Cart) -> None:
        """An `exclusive` offer excludes everything."""
        everyone = (1 << len(cart.offers)) - 1
        for k, offer in enumerate(cart.offers):
            if offer.exclusive:
                self.order[k] = everyone & ~(1 << k)
                for other in range(len(cart.offers)):
                    if other != k:
                        self.order[other] |= 1 << k
                        self.relations.append((k, other, None))

    def _yields(self, cart: Cart, k: int) -> int:
        offer = cart.offers[k]
        if offer.coupon:
            return 0
        found = 0
        for j, other in enumerate(cart.offers):
            if not self.all[k] >> j & 1:
                continue
            if offer.always and not other.always:
                continue
            if cart.book.conflict == "priority" and not other.coupon and not other.always:
                if (offer.priority, offer.rank) < (other.priority, other.rank):
                    continue
            found |= 1 << j
        return found

    def between(self, k: int, other: int) -> Relation | None:
        """The relation of two tied candidates; None when it is that one of them is exclusive."""
        pair = (min(k, other), max(k, other))
        for a, b, relation in self.relations:
            if (min(a, b), max(a, b)) == pair:
                return relation
        return None


def _share_a_row(cart: Cart, k: int, other: int) -> bool:
    """Whether two candidates could serve one row; two prices never do, for each unit takes one of them."""
    if cart.offers[k].stage == PRICE and cart.offers[other].stage == PRICE:
        return False
    return not set(cart.rows[k]).isdisjoint(cart.rows[other])


def live_ties(cart: Cart) -> Ties | None:
    """The ties between the cart's candidates; None when there is none, and then there is nothing to choose."""
    partners = cart.book.partners
    for offer in cart.offers:
        if offer.exclusive or offer.steps_aside or offer.rank in partners:
            break
    else:
        return None
    ties = Ties(cart)
    return ties if ties.relations or any([offer.steps_aside for offer in cart.offers]) else None
