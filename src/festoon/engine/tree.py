"""One tree of choices, gone into depth first with bounds: the best legal set of candidates that touch each other."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import NOT_GIVEN, Amounts, Served
from festoon.engine.bounds import Bounds
from festoon.engine.branch import Branch, Found
from festoon.engine.cart import Cart
from festoon.engine.legal import Legal
from festoon.engine.offer import NOBODY
from festoon.engine.rough import Rough
from festoon.engine.ties import Ties
from festoon.engine.turn import CLOSED, offered, serve
from festoon.engine.verdicts import No
from festoon.engine.view import View

Key = tuple[int, int, int, list[tuple[int, str]]]
"""Of equal savings, what is used the least: balances, coupons, offers; then priorities and codes."""

FEW: Final = 4
"""So many branches of a tree are gone into before it is bounded: most trees have no more, and bounds cost as much."""
KNOTTY: Final = 8
"""A tree with more tied candidates is bounded from the start."""


class Tree:
    """The tree over the `active` candidates of which all `forced` have to be in.

    Offers are decided in the order of their turns. A branch is opened only where an offer that could serve may be left
    out: where an exclusion ties it to an offer that is in, or may come; or where it steps aside by itself.

    `steps` counts branches up to `most_steps`; `open` is the most that a branch left unopened then could have saved.
    `best` is the end of the best set so far, `mask` its bits, `least` what it saves.
    """

    __slots__ = (
        "alone", "best", "bounds", "cart", "early", "least", "legal", "mask", "most_steps", "open", "rough", "start",
        "steps", "ties", "values", "view",
    )  # fmt: skip

    def __init__(self, cart: Cart, ties: Ties, legal: Legal, steps: int, most_steps: int) -> None:
        self.cart, self.ties, self.legal, self.start = cart, ties, legal, cart.start
        self.steps, self.most_steps = steps, most_steps
        self.early = min(steps + FEW, most_steps)
        self.open, self.mask, self.least = 0, 0, 0
        self.best: Branch | None = None
        self.rough = Rough(cart, ties)
        self.bounds: Bounds | None = None
        self.alone = 0
        self.values = [0] * len(cart.offers)
        self.view = View(cart, -1, NOBODY, [], cart.start)

    def grow(self, active: int, forced: int) -> Found | None:
        """The best set; None when there is none, or the steps ran out before one was found."""
        self.legal.begin(active, forced)
        if (active & ~self.legal.free).bit_count() > KNOTTY:
            active = self._bound(active).active
            if forced & ~active:
                return None
            self.legal.begin(active, forced)
        self._go(Branch(self.start.copy(), active))
        return self._found()

    def _found(self) -> Found | None:
        """The best set with what was seen on the way to it."""
        if self.best is None:
            return None
        found = Found(self.mask, self.least, max(self.least, self.open))
        found.remember(self.best, self.cart.price_bits)
        return found

    def _bound(self, active: int) -> Bounds:
        """Bound the tree of these candidates from its root; those that can serve nowhere in it are not active."""
        bounds = Bounds(self.cart, self.ties, active)
        hollow = bounds.tell(self.start)
        if hollow:
            bounds = Bounds(self.cart, self.ties, active & ~hollow)
            bounds.tell(self.start)
        self.bounds, self.alone, self.values = bounds, bounds.alone, bounds.values
        return bounds

    def _go(self, branch: Branch) -> None:
        """Decide what lies ahead of a branch."""
        ties, view, line, free = self.ties, self.view, self.ties.line, self.legal.free
        offers, rows, amounts = self.cart.offers, self.cart.rows, branch.amounts
        view.amounts = amounts
        while branch.ahead:
            bit = branch.ahead & -branch.ahead
            branch.ahead ^= bit
            k = bit.bit_length() - 1
            offer, goods = offers[k], ties.open_rows(k, amounts, branch.mask) if line[k] else rows[k]
            if offer.on_goods:  # as `pass_on`, without a call
                view.k, view.offer, view.given = k, offer, NOT_GIVEN
                view.goods = view.rows = goods
            else:
                view.pass_on(k, offer, goods)
            served = offered(view) if goods else CLOSED
            if isinstance(served, No):
                if bit & (self.legal.forced | branch.needed):
                    return
                branch.refuse(k, served)
                if bit & self.alone:
                    branch.bound -= self.values[k]
            elif bit & free:
                serve(view, served)
                branch.mask |= bit
                branch.bounded = False
                if bit & self.alone and not self._still(branch, k, served):
                    return
            else:
                found = self._tied(k, bit, branch, served)
                if found is None:
                    return
                branch = found
                amounts = view.amounts = found.amounts
        self._leaf(branch)

    def _tied(self, k: int, bit: int, branch: Branch, served: Served) -> Branch | None:
        """Decide on a candidate that could serve, and excludes others; the branch that goes on, None when none does."""
        legal = self.legal
        leave = not bit & (legal.forced | branch.needed) and legal.may_leave(k, bit, branch.mask, branch.ahead)
        if self.ties.order[k] & (branch.mask | legal.forced):
            branch.leave(bit, bit & ~legal.asides)
            return branch if leave else None  # what is in may not push one out that has to be in
        if leave:
            return self._both(k, bit, branch, served)
        serve(self.view, served)
        branch.take(branch.amounts, bit, legal.pushes[k])
        if not legal.settled(branch, k) or (bit & self.alone and not self._still(branch, k, served)):
            return None
        return branch

    def _still(self, branch: Branch, k: int, served: Served) -> bool:
        """Whether a branch may still be the best when its last member took less than was thought."""
        bounds, worth = self.bounds, served.total
        if bounds is not None and not served.gifts and not self.cart.offers[k].balance:
            branch.bound -= max(0, self.values[k] - bounds.counted(k, worth))
        return branch.bound >= self.least

    def _both(self, k: int, bit: int, branch: Branch, served: Served) -> Branch | None:
        """Decide one of the two branches, in which candidate k is left out or taken, and give back the other."""
        legal, view, left = self.legal, self.view, branch.copy()
        left.leave(bit, bit & ~legal.asides)
        dead = self._dead(k, left)
        if not dead:
            view.amounts = branch.amounts.copy()
        serve(view, served)
        branch.take(view.amounts, bit, legal.pushes[k])
        if self._dead(k, branch):
            return None if dead else left
        if dead:
            return branch
        self.steps += 1
        first, second = (left, branch) if self._rather_out(left, branch, served.total) else (branch, left)
        self._go(first)
        return None if self._hopeless(second) else second

    def _rather_out(self, left: Branch, taken: Branch, worth: int) -> bool:
        """Whether to leave out first a candidate that takes so much: by the bounds, or by those it would push out."""
        if self.bounds is not None:
            return self._promises(left) > self._promises(taken)
        return self.rough.most(left.ahead & ~taken.ahead, left.amounts) > worth

    def _promises(self, branch: Branch) -> int:
        """What may come of a branch at most, as far as anything is known."""
        bounds, amounts = self.bounds, branch.amounts
        if bounds is not None and not branch.bounded:
            branch.bounded = True
            branch.bound = min(branch.bound, amounts.saved + bounds.rest(amounts, branch.mask, branch.ahead))
        return branch.bound

    def _dead(self, k: int, branch: Branch) -> bool:
        """Whether nothing legal, or nothing better, can come of a branch in which candidate k was decided last."""
        if not self.legal.settled(branch, k):
            return True
        return (self.best is not None or self.steps >= self.most_steps) and self._hopeless(branch)

    def _hopeless(self, branch: Branch) -> bool:
        """Whether nothing better can come of a branch; or its bound is noted, because the steps have run out."""
        if self.best is None and self.steps < 4 * self.most_steps:
            return False
        if branch.bound < self.least:
            return True
        bounds = self.bounds
        if bounds is None:
            if self.best is not None and not self.rough.reaches(branch.amounts, branch.ahead, self.least):
                return True
            if self.steps < self.early:
                return False
            bounds = self._bound(self.legal.active)
        if not branch.bounded and self._promises(branch) < self.least:
            return True
        if self.steps >= self.most_steps:
            self.open = max(self.open, branch.bound)
            return True
        return False

    def _leaf(self, branch: Branch) -> None:
        """Keep a set that is whole, where it is legal and better than the best so far."""
        amounts, legal = branch.amounts, self.legal
        mask = legal.holding(amounts, branch.mask)
        if mask < 0 or (self.best is not None and amounts.saved < self.least):
            return
        out = branch.out
        while out:
            k = (out & -out).bit_length() - 1
            out &= out - 1
            if not legal.stands_aside(k, amounts, mask):
                return
        if (
            self.best is None
            or amounts.saved > self.least
            or self._key(amounts, mask) < self._key(self.best.amounts, self.mask)
        ):
            self.best, self.mask, self.least = branch, mask, amounts.saved

    def _key(self, amounts: Amounts, mask: int) -> Key:
        """By it the first of the sets that save the same serves."""
        members = [(offer.priority, offer.code) for k, offer in enumerate(self.cart.offers) if mask >> k & 1]
        coupons = (mask & self.cart.coupon_bits).bit_count()
        return amounts.drawn, coupons, len(members), sorted(members)
