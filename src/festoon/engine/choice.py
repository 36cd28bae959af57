"""Which offers serve: the best legal set, found depth first with bounds, and proven unless the steps run out."""

from __future__ import annotations

from itertools import combinations

from festoon.engine.amounts import Amounts
from festoon.engine.bounds import Bounds
from festoon.engine.cart import Cart
from festoon.engine.pricetags import holders, outbid
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties
from festoon.engine.turn import turn
from festoon.engine.verdicts import No
from festoon.engine.view import View

Key = tuple[int, int, tuple[tuple[int, str], ...]]


class Choice:
    """The winning `amounts` and the bits of the offers in it; `bound` is what a better set could still save more."""

    __slots__ = ("amounts", "bound", "mask", "steps")

    def __init__(self, amounts: Amounts, mask: int, bound: int, steps: int) -> None:
        self.amounts, self.mask, self.bound, self.steps = amounts, mask, bound, steps


def choose(cart: Cart, ties: Ties, steps: int) -> Choice:
    """The best legal set of the cart's candidates.

    Chosen coupons come first: a set of them is tried only when no larger one around it can serve; among those that
    are left the greatest saving wins, then the order of choosing.
    """
    search = Search(cart, ties, steps)
    promotions = bits([k for k, offer in enumerate(cart.offers) if not offer.coupon])
    best: Choice | None = None
    served: list[int] = []
    for wanted in _parts(cart):
        if any(wanted & ~other == 0 for other in served):
            continue
        found = search.run(promotions | wanted, wanted)
        if found is not None:
            served.append(wanted)
            if best is None or _before(cart, found, best):
                best = found
    if best is None:
        search.strict = False
        best = search.run(promotions, 0)
    assert best is not None  # without strictness the first road down is always legal
    best.bound = max(0, search.open - best.amounts.saved)
    best.steps = search.steps
    return best


def bits(members: list[int]) -> int:
    """The candidates as bits."""
    return sum([1 << k for k in members])


def _chosen(cart: Cart) -> list[int]:
    """The candidates that are chosen coupons, in the order of choosing."""
    place = {coupon: i for i, coupon in enumerate(cart.facts.chosen)}
    return sorted(cart.chosen, key=lambda k: place[held.id] if (held := cart.coupons[k]) is not None else 0)


def _parts(cart: Cart) -> list[int]:
    """Every set of chosen coupons, the larger first."""
    chosen = _chosen(cart)
    return [bits(list(part)) for n in range(len(chosen), -1, -1) for part in combinations(chosen, n)]


def _before(cart: Cart, one: Choice, other: Choice) -> bool:
    """Whether one choice beats another with other coupons: by its saving, then by which of them was chosen first."""
    if one.amounts.saved != other.amounts.saved:
        return one.amounts.saved > other.amounts.saved
    for k in _chosen(cart):
        if (one.mask ^ other.mask) >> k & 1:
            return bool(one.mask >> k & 1)
    return False


class Search:
    """One search tree after another over the same cart; `steps` counts the branches of all, `open` bounds what was cut."""

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
        "ties",
    )

    def __init__(self, cart: Cart, ties: Ties, most_steps: int) -> None:
        self.cart, self.ties, self.most_steps = cart, ties, most_steps
        self.bounds = Bounds(cart, ties)
        self.steps, self.open = 0, 0
        self.strict = True
        self.active, self.forced = 0, 0
        self.best: Amounts | None = None
        self.mask = 0
        self.key: Key = (0, 0, ())

    def run(self, active: int, forced: int) -> Choice | None:
        """The best legal set among the `active` bits that holds all the `forced` ones; None when there is none."""
        self.best, self.active, self.forced = None, active, forced
        for k in range(len(self.cart.offers)):
            bit = 1 << k
            if self.ties.order[k] & forced and not (self.cart.offers[k].always and self.strict):
                if bit & forced:
                    return None
                self.active &= ~bit
        start = self.cart.start
        if any(self.ties.line):
            start = Amounts(start.left, start.kept, [0] * len(start.left))
        self._go(0, start, 0, 0)
        return Choice(self.best, self.mask, 0, 0) if self.best is not None else None

    def _go(self, k: int, amounts: Amounts, mask: int, out: int) -> None:
        """Decide candidates k, k + 1, … with `mask` in and `out` left out although they could have served."""
        ties, n = self.ties, len(self.cart.offers)
        while k < n:
            bit = 1 << k
            if not self.active & bit:
                k += 1
                continue
            goods = self.open_rows(k, amounts)
            blocked = ties.order[k] & mask
            if blocked and (ties.yields[k] & blocked or not self.strict):
                k += 1
                continue
            after = turn(self.cart, k, goods, amounts) if goods else None
            if not isinstance(after, Amounts):
                if bit & self.forced:
                    return
                k += 1
                continue
            if blocked:
                return
            rest = self.active & -(bit << 1)
            pushed = ties.all[k] & ties.yields[k] & (mask | rest) if self.strict else ties.all[k] & (mask | rest)
            if bit & self.forced or not (pushed or self.cart.offers[k].steps_aside):
                amounts, mask, k = after, mask | bit, k + 1
                continue
            if self.best is not None:
                if self.steps >= self.most_steps:
                    self.open = max(self.open, amounts.saved + self.bounds.ahead(k, amounts, mask, self.active))
                    return
                if amounts.saved + self.bounds.ahead(k, amounts, mask, self.active) < self.key[0]:
                    return
            self.steps += 1
            self._go(k + 1, after, mask | bit, out)
            out |= 0 if self.cart.offers[k].steps_aside else bit
            k += 1
        self._leaf(amounts, mask, out)

    def open_rows(self, k: int, amounts: Amounts) -> list[int]:
        """The rows of candidate k on which nothing serves that excludes it there."""
        line = self.ties.line[k]
        if not line:
            return self.cart.rows[k]
        return [r for r in self.cart.rows[k] if not amounts.serves[r] & line]

    def _leaf(self, amounts: Amounts, mask: int, out: int) -> None:
        mask = self._holding(amounts, mask)
        if mask < 0 or (self.best is not None and amounts.saved < self.key[0]):
            return
        for k in range(len(self.cart.offers)):
            if out >> k & 1 and not self._stands_aside(k, amounts, mask):
                return
        members = [o for k, o in enumerate(self.cart.offers) if mask >> k & 1]
        key = (amounts.saved, -len(members), tuple(sorted([(o.priority, o.code) for o in members])))
        if self.best is None or key[:2] > self.key[:2] or (key[:2] == self.key[:2] and key[2] < self.key[2]):
            self.best, self.mask, self.key = amounts, mask, key

    def _stands_aside(self, k: int, amounts: Amounts, mask: int) -> bool:
        """Whether a member of the set ties candidate k out of it, or its price was never the lowest."""
        ties = self.ties
        yields = ties.yields[k] if self.strict else ties.all[k]
        if ties.order[k] & yields & mask:
            return True
        line = ties.line[k] & yields & mask
        if line and any(amounts.serves[r] & line for r in self.cart.rows[k]):
            return True
        if self.cart.offers[k].stage == PRICE:
            view = View(self.cart, k, self.cart.offers[k], self.cart.rows[k], self.cart.start)
            cuts = self.cart.offers[k].benefit.cut(view)
            return isinstance(cuts, No) or outbid(view, cuts, amounts)
        return False

    def _holding(self, amounts: Amounts, mask: int) -> int:
        """`mask` without price offers that lost every unit; -1 when such a one had kept another offer out."""
        prices = mask & self.cart.price_bits
        if not prices:
            return mask
        rows = self.cart.facts.rows
        held = holders(amounts, list(amounts.bids), [row.quantity for row in rows])
        for k in range(len(self.cart.offers)):
            if prices >> k & 1 and k not in held:
                if self.ties.all[k] & self.active:
                    return -1
                mask &= ~(1 << k)
        return mask
