"""The best legal set that holds given coupons, with a proof; or what could still be gained."""

from __future__ import annotations

from festoon.engine.branch import Found
from festoon.engine.cart import Cart
from festoon.engine.legal import Legal
from festoon.engine.parts import parts_of
from festoon.engine.ties import Ties, bits_of
from festoon.engine.tree import Tree
from festoon.engine.view import View


class Search:
    """One tree after another over the candidates of a cart, all within one budget of branches.

    Parts of the candidates that do not touch have trees of their own; a cart without exclusions is played straight
    through. `steps` counts branches, `lost` is the most that could be saved by trees in which the steps ran out before
    any set was found. Without `strict`, `always` offers and the policy of conflicts give way.
    """

    __slots__ = ("cart", "known", "legal", "lost", "most_steps", "steps", "strict", "ties")

    def __init__(self, cart: Cart, ties: Ties, most_steps: int) -> None:
        self.cart, self.ties, self.most_steps = cart, ties, most_steps
        self.legal = Legal(cart, ties)
        self.steps, self.lost = 0, 0
        self.strict = True
        self.known: dict[tuple[int, int], Found | None] = {}

    def relax(self) -> None:
        """Let promises that cannot all be kept give way."""
        self.strict = False
        self.legal.yields, self.legal.firm = self.legal.tied, 0
        self.known.clear()

    def run(self, active: int, forced: int) -> Found | None:
        """The best legal set among the `active` bits that holds all `forced` ones; None when none does."""
        out = 0
        for k in bits_of(forced):
            out |= self.ties.order[k]
        if out & forced:
            return None
        for k in bits_of(out):
            if not (self.cart.offers[k].always and self.strict):
                active &= ~(1 << k)
        whole, parts = Found(0, 0, 0), parts_of(self.cart, self.ties, active)
        for part in parts:
            which = part, part & forced
            if which not in self.known:
                self.known[which] = self._tree(*which)
            found = self.known[which]
            if found is None:
                return None
            whole.join(found)
            whole.end = found.end if len(parts) == 1 else None
        return whole

    def _tree(self, active: int, forced: int) -> Found | None:
        """The best of one part."""
        tree = Tree(self.cart, self.ties, self.legal, self.steps, self.most_steps)
        found = tree.grow(active, forced)
        self.steps = tree.steps
        if found is None and tree.open:
            self.lost = max(self.lost, tree.open + self._everything())
        return found

    def _everything(self) -> int:
        """What all candidates of the cart could save at most."""
        cart = self.cart
        views = [View(cart, k, offer, cart.rows[k], cart.start) for k, offer in enumerate(cart.offers)]
        return sum([view.offer.benefit.most(view) for view in views])
