"""The exclusions that are live on one cart, as bits over its candidates."""

from __future__ import annotations

from festoon.engine.amounts import Amounts
from festoon.engine.book import Relation
from festoon.engine.cart import Cart
from festoon.engine.offer import Offer
from festoon.engine.stages import PRICE, SHIPPING
from festoon.engine.verdicts import No
from festoon.engine.view import View


class Ties:
    """For every candidate k: `order[k]` may not be in one set with it; `line[k]` may not serve a row with it.

    `yields[k]` are those of them for which it may be left out: none for a chosen coupon, only the like for an
    `always` offer, coupons and offers of higher priority under the policy "priority", else all of them. Under the
    policy "best_per_line", `split[k]` are those with which it shares its rows out: both are in, and neither yields.
    `alike`: all yield to whatever they are tied to, but for chosen coupons.
    `relations` holds the relation of every tied pair, by the lower and the higher; None: one of the two is exclusive.
    `tied[k]` are all that it may not serve together with; `lined` says that some are tied by line.
    """

    __slots__ = ("absent", "alike", "cart", "line", "lined", "order", "relations", "split", "tied", "yields")

    def __init__(self, cart: Cart) -> None:
        n = len(cart.offers)
        self.cart, self.absent = cart, 0
        self.order, self.line, self.split = [0] * n, [0] * n, [0] * n
        self.lined = False
        self.relations: dict[tuple[int, int], Relation | None] = {}
        self._relate()
        if cart.book.excluding:
            self._exclude()
        self.tied = self.order
        if self.lined:
            self.tied = [self.order[k] | self.line[k] & ~self.split[k] for k in range(n)]
        self.alike = not (cart.by_priority or cart.book.insisting)
        self.yields = self.tied[:] if self.alike else [self._yields(k) for k in range(n)]
        for k in cart.chosen:
            self.yields[k] = 0

    def _relate(self) -> None:
        pairs, at = self.cart.book.pairs, self.cart.facts.at
        place = {offer.rank: k for k, offer in enumerate(self.cart.offers)}
        for rank, k in place.items():
            if rank in pairs:
                for relation in pairs[rank]:
                    if relation.b in place and relation.opens <= at < relation.closes:
                        other = place[relation.b]
                        self._tie(k, other, relation) if k < other else self._tie(other, k, relation)

    def _tie(self, k: int, other: int, relation: Relation) -> None:
        """Note a relation; by line, only where the two could serve one row."""
        if relation.line and not self._meet(k, other):
            return
        grain = self.order
        if relation.line:
            grain, self.lined = self.line, True
            self.cart.lined |= 1 << k | 1 << other
            if self._split(k, other):
                self.split[k] |= 1 << other
                self.split[other] |= 1 << k
        grain[k] |= 1 << other
        grain[other] |= 1 << k
        self.relations[k, other] = relation

    def _meet(self, k: int, other: int) -> bool:
        """Whether two candidates could serve one row; two prices never do, for each unit takes one of them."""
        offers = self.cart.offers
        if offers[k].stage == PRICE and offers[other].stage == PRICE:
            return False
        rows, others = self.cart.rows[k], self.cart.rows[other]
        if len(rows) == self.cart.shipping_at or len(others) == self.cart.shipping_at:
            return True
        return not set(rows).isdisjoint(others)

    def _split(self, k: int, other: int) -> bool:
        if self.cart.book.conflict != "best_per_line":
            return False
        pair = self.cart.offers[k], self.cart.offers[other]
        return all([_by_line(offer) for offer in pair])

    def _exclude(self) -> None:
        """An `exclusive` offer excludes everything."""
        n = len(self.cart.offers)
        for k, offer in enumerate(self.cart.offers):
            for other in range(n) if offer.exclusive else ():
                if other != k:
                    self.order[k] |= 1 << other
                    self.order[other] |= 1 << k
                    self.relations[min(k, other), max(k, other)] = None

    def _yields(self, k: int) -> int:
        return sum([1 << j for j in bits_of(self.tied[k]) if self._gives_way(k, j)])

    def _gives_way(self, k: int, other: int) -> bool:
        one, two = self.cart.offers[k], self.cart.offers[other]
        if one.always and not two.always:
            return False
        if self.cart.by_priority and not two.coupon and not two.always:
            return (two.priority, two.rank) < (one.priority, one.rank)
        return True

    def open_rows(self, k: int, amounts: Amounts, mask: int = -1) -> list[int]:
        """The rows of candidate k that no exclusion by line closes to it, beside the members `mask`."""
        rows, line = self.cart.rows[k], self.line[k]
        if not line or not (line & mask or self.split[k]):
            return rows
        closed = amounts.closed(line)
        if closed:
            rows = [r for r in rows if not closed >> r & 1]
        later = self.split[k] & ~self.absent & -(2 << k)
        return self._best_here(k, rows, later, amounts) if later and rows else rows

    def still_open(self, k: int, rows: list[int], amounts: Amounts) -> list[int]:
        """Those of the rows of candidate k that no exclusion by line closes to it for good.

        In the price stage a lower price may still take over, and its row is open again.
        """
        line = self.line[k]
        if amounts.stage == PRICE:
            line &= ~self.cart.price_bits
        closed = amounts.closed(line)
        return [r for r in rows if not closed >> r & 1] if closed else rows

    def _best_here(self, k: int, rows: list[int], later: int, amounts: Amounts) -> list[int]:
        """Without the rows from which an offer that comes later would take more."""
        best = dict(zip(rows, self._cuts(k, rows, amounts), strict=True))
        lost: set[int] = set()
        for other in range(k + 1, len(self.cart.offers)):
            if later >> other & 1:
                shared = [r for r in self.cart.rows[other] if r in best]
                cuts = zip(shared, self._cuts(other, shared, amounts), strict=True)
                lost.update([r for r, cut in cuts if cut > best[r]])
        return [r for r in rows if r not in lost]

    def _cuts(self, k: int, rows: list[int], amounts: Amounts) -> list[int]:
        """What candidate k would take from these rows now; nothing when a condition does not hold on its goods."""
        offer = self.cart.offers[k]
        whole = View(self.cart, k, offer, self.cart.rows[k], amounts)
        if any([test.check(whole) is not None for test in offer.tests]):
            return [0] * len(rows)
        cuts = offer.benefit.cut(View(self.cart, k, offer, rows, amounts))
        return [0] * len(rows) if isinstance(cuts, No) else cuts

    def misses(self, mask: int) -> int:
        """Those to which rows may have been given up, and that are not among the bits of a set."""
        if not self.lined or self.cart.book.conflict != "best_per_line":
            return 0
        missing = 0
        for k, others in enumerate(self.split):
            if others and not mask >> k & 1:
                missing |= 1 << k
        return missing & ~self.absent


def bits_of(mask: int) -> list[int]:
    """The candidates of a mask."""
    found = []
    while mask:
        found.append((mask & -mask).bit_length() - 1)
        mask &= mask - 1
    return found


def _by_line(offer: Offer) -> bool:
    """Whether it takes from each of its lines of goods by itself."""
    if offer.stage in (PRICE, SHIPPING) or offer.pays_shipping or offer.scope.untouched:
        return False
    return offer.benefit.by_line(offer)


def live_ties(cart: Cart) -> Ties | None:
    """The ties between the cart's candidates; None when there is none, and then there is nothing to choose."""
    if not (cart.book.tying or cart.facts.best):
        return None
    if cart.facts.best and cart.coupon_bits:
        return Ties(cart)
    book, offers = cart.book, cart.offers
    aside = book.stepping and any([offer.steps_aside for offer in offers])
    exclusive = book.excluding and any([offer.exclusive for offer in offers])
    if not (aside or exclusive or not book.partners.keys().isdisjoint([offer.rank for offer in offers])):
        return None
    ties = Ties(cart)
    return ties if ties.relations or (aside and cart.book.objective == "best") else None
