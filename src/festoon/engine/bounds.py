"""How much the offers that are still to decide can save at most.

Every benefit bounds itself (`most`), and what it said stays true for ever after: amounts only fall. So each is asked
once, at the root of a tree; only percentages are asked of the rows again.

Three things make the sum of them sharper than a sum:

- Offers of one clique of exclusions exclude each other, so only the largest of them counts.
- Percentages of what is left that nothing ties (`rated`) are multiplied, row by row, instead of added: after all of
  them at least `keep` of a row is left. One of them that does not come to serve after all takes nothing, and then the
  bound is only larger than it need be.
- Whatever another offer takes from a row, these percentages no longer find there. Of it only `keep` counts: for a
  tied percentage that of all of them, for any other offer that of those which come after it.

Proof, by row, of what is left in the end: let F be that without some of the percentages. F is never negative, so
F × keep ≤ F; and F × keep is what was there × keep, less what every other offer takes, each × the keep of those
after it. Summed over rows, what an offer takes is at most its `most`.
"""

from __future__ import annotations

from operator import mul
from typing import Final

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.later import Later
from festoon.engine.offer import NOBODY, Benefit
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties, bits_of
from festoon.engine.view import View

BITS: Final = 29
"""Keeps are whole numbers of 2 ** -BITS: a keep fills one digit of a Python number, and is multiplied the quick way."""
WHOLE: Final = 10_000


class Bounds:
    """The bounds of one tree, over its `active` candidates.

    `rows[k]` is where candidate k takes, `rates[k]` its percentage when it is `rated`, `after[k]` the part of what it
    takes that counts, `values[k]` the most that can count of it. `alone` are those that no other excludes, `cliques`
    others, and `mixed` such that hold percentages; `fixed` are all that hold none.
    """

    __slots__ = (
        "active", "after", "alone", "cart", "cliques", "fixed", "kept", "known", "later", "loose", "mixed", "rated",
        "rates", "rows", "slack", "ties", "values", "view",
    )  # fmt: skip

    def __init__(self, cart: Cart, ties: Ties, active: int) -> None:
        self.cart, self.ties, self.active = cart, ties, active
        n = len(cart.offers)
        self.view = View(cart, -1, NOBODY, [], cart.start)
        self.rows = cart.rows[:n]
        self.rates, self.slack, self.rated = [0] * n, [0] * n, 0
        self._rate()
        self.kept: dict[int, tuple[list[int], int]] = {}
        untied = sum([1 << k for k in bits_of(self.rated) if self._untied(k)])
        self.after = self._after(untied)
        self.loose = self.rated.bit_count() * sum(cart.gross)  # every keep is rounded down that often at most
        self.later = Later(cart, untied, self.rows, self.rates)
        cliques = _cliques(ties.order, active & ~untied)
        self.alone = sum([c for c in cliques if not c & (c - 1) and not c & self.rated])
        self.mixed = [c for c in cliques if c & self.rated]
        self.cliques = [c for c in cliques if not c & (self.rated | self.alone)]
        self.fixed = self.alone | sum(self.cliques)
        self.known: dict[int, int] = {}
        self.values = [0] * n

    def _rate(self) -> None:
        """Find where each candidate takes, and who takes a percentage."""
        cart, view = self.cart, self.view
        for k in bits_of(self.active):
            offer = cart.offers[k]
            view.pass_on(k, offer, cart.rows[k])
            self.rows[k] = view.rows
            rate = rate_of(view)
            if rate:
                self.rates[k], self.slack[k] = rate, _slack(view)
                self.rated |= 1 << k

    def _untied(self, k: int) -> bool:
        return not self.ties.tied[k] & self.active and not self.cart.steps_aside(k)

    def _after(self, untied: int) -> list[int]:
        """The part of what each candidate takes that counts, when some percentages come after it."""
        keep, count = [1 << BITS] * len(self.cart.gross), 0
        after = [0] * len(self.cart.offers)
        for k in reversed(bits_of(self.active)):
            rows = self.rows[k]
            # a gift is worth the same after them
            after[k] = 1 << BITS if self.cart.offers[k].gives or not count else max([keep[r] for r in rows]) + count
            if untied >> k & 1:
                part, count = WHOLE - self.rates[k], count + 1
                for r in rows:
                    keep[r] = keep[r] * part // WHOLE
        return after

    def keep(self, rated: int) -> tuple[list[int], int]:
        """The part of each row that is left after some percentages, and what rounding may add to what they take."""
        known = self.kept.get(rated)
        if known is not None:
            return known
        if not rated:
            made = [1 << BITS] * len(self.cart.gross), 0
        else:
            k = (rated & -rated).bit_length() - 1
            before, slack = self.keep(rated & (rated - 1))
            keep, part = before[:], WHOLE - self.rates[k]
            for r in self.rows[k]:
                keep[r] = keep[r] * part // WHOLE
            made = keep, slack + self.slack[k]
        self.kept[rated] = made
        return made

    def tell(self, amounts: Amounts) -> int:
        """Tell what each candidate can take at most, when nobody had a turn yet; gives back who can serve nowhere."""
        hollow = 0
        for k in bits_of(self.active):
            if self.cart.offers[k].benefit.balance:
                continue
            most = self._most(k, amounts)
            if not most and not self.cart.offers[k].gives:
                hollow |= 1 << k
            self.values[k] = self.counted(k, most)
        return hollow

    def _most(self, k: int, amounts: Amounts) -> int:
        cart, offer, rows = self.cart, self.cart.offers[k], self.cart.rows[k]
        if self.ties.line[k]:
            rows = self.ties.still_open(k, rows, amounts)
        if not rows:
            return 0
        if self.rates[k] and not offer.tests:  # it is asked of the rows every time; this is for who comes first
            left, rows = amounts.left, rows if offer.on_goods else self.rows[k]
            return sum([left[r] for r in rows]) * self.rates[k] // WHOLE + self.slack[k]
        view = self.view
        view.amounts = self.later.amounts(k, amounts)
        view.pass_on(k, offer, rows)
        for test in offer.tests:
            if test.lasting and test.check(view) is not None:
                return 0
        if not self._exact(k) or (amounts.stage == PRICE and cart.price_bits):
            return offer.benefit.most(view)
        partners = self.ties.line[k] & self.active & (1 << k) - 1
        if not partners:
            return offer.benefit.most_of_these(view)
        closed = self._closes(partners, amounts)
        if not closed:
            return offer.benefit.most(view)
        most = offer.benefit.most_of_these(view)
        view.pass_on(k, offer, [r for r in rows if r not in closed])
        return max(most, offer.benefit.most_of_these(view)) if view.goods else most

    def _closes(self, partners: int, amounts: Amounts) -> list[int]:
        """The rows that an only partner by line closes when it comes in; none when that is not sure."""
        p = partners.bit_length() - 1
        sure = not self.ties.split[p] and not self.cart.offers[p].scope.untouched
        if partners & (partners - 1) or not sure or self.ties.line[p] & self.active & (1 << p) - 1:
            return []
        return self.ties.still_open(p, self.cart.rows[p], amounts)

    def _exact(self, k: int) -> bool:
        """Whether its benefit knows a better bound on rows that are sure, and its rows can be."""
        offer = self.cart.offers[k]
        if self.ties.split[k] or offer.scope.untouched:
            return False
        return type(offer.benefit).most_of_these is not Benefit.most_of_these

    def counted(self, k: int, most: int) -> int:
        """What counts of an amount that candidate k takes, when the untied percentages after it have had their turns."""
        return (most * self.after[k] >> BITS) + 1 if most else 0

    def rest(self, amounts: Amounts, mask: int, ahead: int) -> int:
        """A bound on what the candidates `ahead`, all later than those of `mask`, still save on these amounts."""
        left, line, rated, total = amounts.left, self.ties.line, ahead & self.rated, self._fixed(ahead & self.fixed)
        apart = []
        for clique in self.mixed:
            members = clique & ahead
            if members & (members - 1) or (members & rated and line[members.bit_length() - 1] & mask):
                apart.append(members)  # of these one counts; or rows may be closed to it already
                rated &= ~members
            elif members and not members & rated:
                total += self.values[members.bit_length() - 1]
        keep, slack = self.keep(rated)
        kept: int = sum(map(mul, left, keep))
        for members in apart:
            total += self._largest(members, amounts, keep, kept)
        return total + sum(left) - (kept >> BITS) + slack

    def _fixed(self, ahead: int) -> int:
        """The same for candidates of which no percentage is asked of the rows."""
        total = self.known.get(ahead, -1)
        if total < 0:
            alone = ahead & self.alone
            total = sum([self.values[k] for k in bits_of(alone)])
            for clique in self.cliques:
                if clique & ahead:
                    total += max([self.values[k] for k in bits_of(clique & ahead)])
            self.known[ahead] = total
        return total

    def _largest(self, members: int, amounts: Amounts, keep: list[int], kept: int) -> int:
        """The most that one of some candidates counts for; `kept` is what is kept of all rows."""
        best = 0
        while members:
            j = (members & -members).bit_length() - 1
            members &= members - 1
            value = self.values[j]
            if value > best and self.rates[j]:
                value = min(value, self._part(j, amounts, keep, kept))
            best = max(best, value)
        return best

    def _part(self, j: int, amounts: Amounts, keep: list[int], kept: int) -> int:
        """What a tied percentage counts for."""
        rows, left = self.rows[j], amounts.left
        if self.ties.line[j]:
            rows = self.ties.still_open(j, rows, amounts)
        if len(rows) == self.cart.shipping_at and self.cart.offers[j].on_goods:
            base = kept - left[-1] * keep[-1] + self.loose
        else:
            base = sum([left[r] * keep[r] for r in rows]) + self.loose
        return (base * self.rates[j] // WHOLE >> BITS) + self.slack[j]


def rate_of(view: View) -> int:
    """The percentage, in basis points, of what is left on each row that the view's offer takes at most; 0 for no such."""
    offer, cart = view.offer, view.cart
    if offer.stage == PRICE or offer.group is not None:
        return 0
    if offer.spill and cart.floored and (cart.start.kept or any([cart.low[r] for r in view.goods])):
        return 0  # what one row cannot take, others have to
    return offer.benefit.rate(view)


def _slack(view: View) -> int:
    """By how much rounding may raise what a percentage takes in all."""
    return (len(view.rows) if view.offer.per != "unit" else sum(view.quantities())) + 1


def _cliques(order: list[int], active: int) -> list[int]:
    """The candidates in sets of which each excludes each: every one in the first set whose members all exclude it."""
    cliques: list[int] = []
    for k, partners in enumerate(order):
        if not active >> k & 1:
            continue
        for c, members in enumerate(cliques):
            if members & ~partners == 0:
                cliques[c] |= 1 << k
                break
        else:
            cliques.append(1 << k)
    return cliques
