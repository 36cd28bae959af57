"""The best legal set that holds given coupons, found depth first with bounds; a proof, or what could still be gained."""

from __future__ import annotations

from festoon.engine.amounts import Amounts, Served
from festoon.engine.bounds import Bounds
from festoon.engine.branch import Branch
from festoon.engine.cart import Cart
from festoon.engine.legal import Legal
from festoon.engine.parts import parts_of
from festoon.engine.ties import Ties
from festoon.engine.turn import offered, serve
from festoon.engine.verdicts import No
from festoon.engine.view import View

Key = tuple[int, int, int, list[tuple[int, str]]]
"""Of equal savings, what is used the least: balances, coupons, offers; then priorities and codes."""

FEW = 4
"""So many branches of a tree are gone into before it is bounded: most trees have no more, and bounds cost as much."""
KNOTTY = 8
"""A tree with more tied candidates is bounded from the start."""


class Found:
    """The best set: its bits, what it saves, and what no other saves more than. `served` is what each member took."""

    __slots__ = ("mask", "most", "saved", "served")

    def __init__(self, mask: int, saved: int, most: int, served: dict[int, Served]) -> None:
        self.mask, self.saved, self.most, self.served = mask, saved, most, served

    @property
    def proven(self) -> bool:
        """Whether nothing was left untried."""
        return self.most <= self.saved


def _taken(best: Amounts) -> dict[int, Served]:
    """What each took; not in the price stage, where the parts of a cart bid together."""
    return {one.k: one for one in best.log() if one.bids is None}


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
        if any(ties.line):
            self.start = Amounts(self.start.left, self.start.kept, [0] * len(self.start.left))
        self.best: Amounts | None = None
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
        whole = Found(0, 0, 0, {})
        for part in parts_of(self.cart, self.ties, active):
            which = part, part & forced
            if which not in self.known:
                self.known[which] = self._tree(*which)
            found = self.known[which]
            if found is None:
                return None
            whole.mask |= found.mask
            whole.saved += found.saved
            whole.most += found.most
            whole.served.update(found.served)
        return whole

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
            return Found(self.mask, best.saved, max(best.saved, self.open), _taken(best))
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

    def _end(self, root: Branch) -> Amounts | None:
        """The amounts after the best set that grows from a root."""
        self._go(root)
        return self.best

    def _everything(self) -> int:
        """What all candidates of the cart could save at most."""
        cart = self.cart
        views = [View(cart, k, offer, cart.rows[k], self.start) for k, offer in enumerate(cart.offers)]
        return sum([view.offer.benefit.most(view) for view in views])

    def _go(self, branch: Branch) -> None:
        """Decide what lies ahead of a branch."""
        order, offers, legal, ties = self.ties.order, self.cart.offers, self.legal, self.ties
        amounts = branch.amounts
        view = View(self.cart, 0, offers[0], [], amounts)
        while branch.ahead:
            bit = branch.ahead & -branch.ahead
            branch.ahead ^= bit
            k = bit.bit_length() - 1
            view.pass_on(k, offers[k], ties.open_rows(k, amounts))
            served = offered(view) if view.goods else None
            if served is None or isinstance(served, No):
                if bit & (legal.forced | branch.needed):
                    return
                if bit & self.alone:
                    branch.bound -= branch.values[k]
                continue
            if not bit & legal.free:
                leave = not bit & (legal.forced | branch.needed) and legal.may_leave(k, bit, branch.mask, branch.ahead)
                if order[k] & (branch.mask | legal.forced):
                    if not leave:
                        return  # what is in may not push this one out
                    branch.out |= bit & ~legal.asides
                    continue
                if leave:
                    taken = branch.copy()
                    view.amounts = amounts.copy()
                    serve(view, served)
                    taken.take(view.amounts, bit, legal.pushes[k], self.touches[k])
                    branch.out |= bit & ~legal.asides
                    found = self._both(k, branch, taken)
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

    def _both(self, k: int, left: Branch, taken: Branch) -> Branch | None:
        """Decide one of two branches, in which candidate k is left out or taken, and give back the other."""
        if not self.legal.settled(taken, k) or self._hopeless(k + 1, taken):
            return None if not self.legal.settled(left, k) or self._hopeless(k + 1, left) else left
        if not self.legal.settled(left, k) or self._hopeless(k + 1, left):
            return taken
        self.steps += 1
        if self._leave_first(k, left):
            left, taken = taken, left
        self._go(taken)
        return None if self._hopeless(k + 1, left) else left

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
        bounds = self.bounds
        if bounds is None:
            if self.steps < self.early:
                return False
            bounds = self._bound(self.legal.active)
        amounts = branch.amounts
        branch.bound = min(branch.bound, amounts.saved + bounds.rest(amounts, branch.values, branch.mask, branch.ahead))
        if branch.bound >= self.least and branch.stale & branch.ahead & ~bounds.dull:
            branch.values = branch.values[:]
            hollow = bounds.renew(branch.values, branch.stale & branch.ahead & ~bounds.dull, amounts, k, branch.ahead)
            branch.stale = 0
            branch.ahead &= ~hollow
            if hollow & (self.legal.forced | branch.needed) or not self.legal.settled(branch, k - 1):
                return True
            branch.bound = min(
                branch.bound, amounts.saved + bounds.rest(amounts, branch.values, branch.mask, branch.ahead)
            )
        if self.steps >= self.most_steps and branch.bound >= self.least:
            self.open = max(self.open, branch.bound)
            return True
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
            or self._key(amounts, mask) < self._key(self.best, self.mask)
        ):
            self.best, self.mask, self.least = amounts, mask, amounts.saved

    def _key(self, amounts: Amounts, mask: int) -> Key:
        """By it the first of the sets that save the same serves."""
        members = [(offer.priority, offer.code) for k, offer in enumerate(self.cart.offers) if mask >> k & 1]
        coupons = (mask & self.cart.coupon_bits).bit_count()
        return amounts.drawn, coupons, len(members), sorted(members)
