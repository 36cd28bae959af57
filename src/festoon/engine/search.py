"""The best legal set that holds given coupons, found depth first with bounds; a proof, or what could still be gained."""

from __future__ import annotations

from festoon.engine.amounts import Amounts, Served
from festoon.engine.bounds import Bounds
from festoon.engine.branch import Branch, Found
from festoon.engine.cart import Cart
from festoon.engine.legal import Legal
from festoon.engine.parts import parts_of
from festoon.engine.ties import Ties
from festoon.engine.turn import CLOSED, offered, serve
from festoon.engine.verdicts import No
from festoon.engine.view import View

Key = tuple[int, int, int, list[tuple[int, str]]]
"""Of equal savings, what is used the least: balances, coupons, offers; then priorities and codes."""

FEW = 4
"""So many branches of a tree are gone into before it is bounded: most trees have no more, and bounds cost as much."""
KNOTTY = 8
"""A tree with more tied candidates is bounded from the start."""


class Search:
    """One tree after another over the candidates of a cart, all within one budget of branches.

    Parts of the candidates that do not touch have trees of their own. Offers are decided in the order of their turns.
    A branch is opened only where an offer that could serve may be left out: where an exclusion ties it to an offer
    that is in, or may come; or where it steps aside by itself. So a cart without exclusions is played straight through.

    `steps` counts branches, `open` is the most that a branch left unopened could have saved, `lost` the same of trees in
    which the steps ran out before any set was found. Without `strict`, `always` offers and the policy of conflicts give way.
    """

    __slots__ = (
        "alone", "best", "bounds", "cart", "early", "known", "least", "legal", "lost", "mask", "most_steps",
        "open", "start", "steps", "strict", "ties", "touches", "unknown", "values",
    )  # fmt: skip

    def __init__(self, cart: Cart, ties: Ties, most_steps: int) -> None:
        self.cart, self.ties, self.most_steps = cart, ties, most_steps
        self.legal = Legal(cart, ties)
        self.steps, self.open, self.lost = 0, 0, 0
        self.strict = True
        self.start = cart.start
        if ties.lined:
            self.start = Amounts(self.start.left, self.start.kept, [0] * len(self.start.left))
        self.best: Branch | None = None
        self.mask = 0
        self.least = 0
        self.known: dict[tuple[int, int], Found | None] = {}
        self.bounds: Bounds | None = None
        self.unknown = [-1] * len(cart.offers)

    def relax(self) -> None:
        """Let promises that cannot all be kept give way."""
        self.strict = False
        self.legal.yields = self.legal.tied
        self.known.clear()

    def run(self, active: int, forced: int) -> Found | None:
        """The best legal set among the `active` bits that holds all `forced` ones; None when none does."""
        for k, offer in enumerate(self.cart.offers):
            if self.ties.order[k] & forced:
                if forced >> k & 1:
                    return None
                if not (offer.always and self.strict):
                    active &= ~(1 << k)
        whole: Found | None = None
        for part in parts_of(self.cart, self.ties, active):
            which = part, part & forced
            if which not in self.known:
                self.known[which] = self._tree(*which)
            found = self.known[which]
            if found is None:
                return None
            if whole is None:
                whole = Found(0, 0, 0)
            whole.join(found)
        return whole if whole is not None else Found(0, 0, 0)

    def _tree(self, active: int, forced: int) -> Found | None:
        """The best of one part."""
        self.best, self.open, self.least = None, 0, 0
        self.bounds, self.alone, self.touches = None, 0, self.unknown
        self.values = [0] * len(self.cart.offers)
        self.early = min(self.steps + FEW, self.most_steps)
        self.legal.begin(active, forced)
        if (active & ~self.legal.free).bit_count() > KNOTTY:
            active = self._bound(active).active
            if forced & ~active:
                return None
            self.legal.begin(active, forced)
        best = self._end(Branch(self.start.copy(), active, self.values))
        if best is not None:
            found = Found(self.mask, self.least, max(self.least, self.open))
            found.remember(best, self.cart.price_bits)
            return found
        if self.open:
            self.lost = max(self.lost, self.open + self._everything())
        return None

    def _bound(self, active: int) -> Bounds:
        """Bound the tree of these candidates from its root; those that can serve nowhere in it are not active.

        Until then every branch has the `values` of the root, and takes each of them for stale.
        """
        bounds = Bounds(self.cart, self.ties, active)
        hollow = bounds.renew(self.values, active, self.start, 0, active)
        if hollow:
            bounds = Bounds(self.cart, self.ties, active & ~hollow)
            bounds.renew(self.values, active & ~hollow, self.start, 0, active & ~hollow)
        self.bounds, self.alone, self.touches = bounds, bounds.alone, bounds.touches
        return bounds

    def _end(self, root: Branch) -> Branch | None:
        """The end of the best set that grows from a root."""
        self._go(root)
        return self.best

    def _everything(self) -> int:
        """What all candidates of the cart could save at most."""
        cart = self.cart
        views = [View(cart, k, offer, cart.rows[k], self.start) for k, offer in enumerate(cart.offers)]
        return sum([view.offer.benefit.most(view) for view in views])

    def _go(self, branch: Branch) -> None:
        """Decide what lies ahead of a branch."""
        cart, legal, ties = self.cart, self.legal, self.ties
        offers, rows, line, amounts = cart.offers, cart.rows, ties.line, branch.amounts
        view = View(cart, 0, offers[0], [], amounts)
        while branch.ahead:
            bit = branch.ahead & -branch.ahead
            branch.ahead ^= bit
            k = bit.bit_length() - 1
            view.pass_on(k, offers[k], ties.open_rows(k, amounts) if line[k] else rows[k])
            served = offered(view) if view.goods else CLOSED
            if isinstance(served, No):
                if bit & (legal.forced | branch.needed):
                    return
                if bit & self.alone:
                    branch.bound -= branch.values[k]
                branch.refuse(k, served)
                continue
            if not bit & legal.free:
                leave = not bit & (legal.forced | branch.needed) and legal.may_leave(k, bit, branch.mask, branch.ahead)
                if ties.order[k] & (branch.mask | legal.forced):
                    if not leave:
                        return  # what is in may not push this one out
                    branch.leave(bit, bit & ~legal.asides)
                    continue
                if leave:
                    found = self._both(k, bit, branch, view, served)
                    if found is None:
                        return
                    branch = found
                    amounts = view.amounts = branch.amounts
                    continue
            saved = amounts.saved
            serve(view, served)
            branch.take(amounts, bit, legal.pushes[k], self.touches[k])
            if bit & self.alone and self.bounds is not None:
                branch.bound -= max(0, branch.values[k] - self.bounds.counted(k, amounts.saved - saved))
            if branch.bound < self.least or not (bit & legal.free or legal.settled(branch, k)):
                return
        self._leaf(branch)

    def _both(self, k: int, bit: int, branch: Branch, view: View, served: Served) -> Branch | None:
        """Decide one of the two branches, in which candidate k is left out or taken, and give back the other."""
        legal, left = self.legal, branch.copy()
        left.leave(bit, bit & ~legal.asides)
        dead = not legal.settled(left, k) or self._hopeless(k + 1, left)
        if not dead:
            view.amounts = branch.amounts.copy()
        serve(view, served)
        branch.take(view.amounts, bit, legal.pushes[k], self.touches[k])
        if not legal.settled(branch, k) or self._hopeless(k + 1, branch):
            return None if dead else left
        if dead:
            return branch
        self.steps += 1
        first, second = (left, branch) if self._leave_first(k, left) else (branch, left)
        self._go(first)
        return None if self._hopeless(k + 1, second) else second

    def _leave_first(self, k: int, left: Branch) -> bool:
        values, partners, worth = left.values, self.ties.order[k] & left.ahead, 0
        while partners:
            j = (partners & -partners).bit_length() - 1
            partners &= partners - 1
            worth += values[j]
        return worth > values[k]

    def _hopeless(self, k: int, branch: Branch) -> bool:
        """Whether nothing better can come of a branch; or its bound is noted, because the steps have run out."""
        if self.best is None and self.steps < 4 * self.most_steps:
            return False
        if branch.bound < self.least:
            return True
        bounds = self.bounds
        if bounds is None:
            if self.steps < self.early:
                return False
            bounds = self._bound(self.legal.active)
        if not branch.bounded and self._bounded(k, branch, bounds):
            return True
        if self.steps >= self.most_steps:
            self.open = max(self.open, branch.bound)
            return True
        return False

    def _bounded(self, k: int, branch: Branch, bounds: Bounds) -> bool:
        """Bound a branch as it is now; whether nothing better can come of it."""
        amounts, branch.bounded = branch.amounts, True
        branch.bound = min(branch.bound, amounts.saved + bounds.rest(amounts, branch.values, branch.mask, branch.ahead))
        if branch.bound < self.least:
            return True
        stale = branch.stale & branch.ahead & ~bounds.dull
        if not stale:
            return False
        branch.values = branch.values[:]
        hollow = bounds.renew(branch.values, stale, amounts, k, branch.ahead)
        branch.stale = 0
        if hollow:
            branch.ahead &= ~hollow
            branch.loose = True
            if hollow & (self.legal.forced | branch.needed) or not self.legal.settled(branch, k - 1):
                return True
        branch.bound = min(branch.bound, amounts.saved + bounds.rest(amounts, branch.values, branch.mask, branch.ahead))
        return branch.bound < self.least

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
