"""How much the offers that are still to decide can save at most.

Every benefit bounds itself (`most`), and what it said stays true for ever after: amounts only fall. So values are kept
from branch to branch and asked anew only where an offer was applied that shares goods, and only when the old ones do
not settle the matter.

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

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.later import Later
from festoon.engine.offer import Benefit
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties, bits_of
from festoon.engine.view import View

BITS = 30
"""Keeps are whole numbers of 2 ** -BITS."""
WHOLE = 10_000


class Bounds:
    """The bounds of one run, over its `active` candidates.

    `touches[k]` are the later candidates whose value may fall when k was applied; `summed` those whose value is kept;
    of these `shared` are percentages, whose value is asked of the rows every time.
    """

    __slots__ = (
        "active",
        "after",
        "alone",
        "cart",
        "cliques",
        "exact",
        "kept",
        "later",
        "loose",
        "rated",
        "rates",
        "rows",
        "slack",
        "ties",
    )

    def __init__(self, cart: Cart, ties: Ties, active: int) -> None:
        self.cart, self.ties = cart, ties
        n = len(cart.offers)
        self.rows = [
            cart.rows[k] if offer.on_goods else View(cart, k, offer, cart.rows[k], cart.start).rows
            for k, offer in enumerate(cart.offers)
        ]
        self.rates = [rate_of(cart, k) for k in range(n)]
        self.slack = [_slack(cart, k, self.rows[k]) for k in range(n)]
        self.active, self.rated = active, sum([1 << k for k in range(n) if active >> k & 1 and self.rates[k]])
        self.exact = sum([1 << k for k in range(n) if self._exact(k)])
        self.kept: dict[int, tuple[list[int], int]] = {}
        untied = sum([1 << k for k in range(n) if self.rated >> k & 1 and self._untied(k)])
        self.after = [self._after(k, untied & -(2 << k)) for k in range(n)]
        self.loose = self.rated.bit_count() * sum(cart.gross)  # every keep is rounded down that often at most
        self.later = Later(cart, untied, self.rows, self.rates)
        cliques = _cliques(ties.order, active & ~untied)
        self.alone = sum([c for c in cliques if not c & (c - 1) and not c & self.rated])
        self.cliques = [c for c in cliques if not c & self.alone]

    def _untied(self, k: int) -> bool:
        return not self.ties.tied[k] & self.active and not self.cart.steps_aside(k)

    def _after(self, k: int, rated: int) -> int:
        """The part of what candidate k takes that counts, when some percentages come after it."""
        if self._gives(k):
            return 1 << BITS  # a gift is worth the same after them
        keep, _ = self.keep(rated)
        return max([keep[r] for r in self.rows[k]], default=0) + rated.bit_count()

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

    def tell(self, values: list[int], amounts: Amounts) -> int:
        """Tell what each candidate can take at most, when nobody had a turn yet; gives back who can serve nowhere."""
        hollow = 0
        for k in bits_of(self.active):
            if self.cart.offers[k].benefit.balance:
                continue
            most = self._most(k, amounts)
            if not most and not self._gives(k):
                hollow |= 1 << k
            values[k] = self.counted(k, most)
        return hollow

    def _most(self, k: int, amounts: Amounts) -> int:
        cart, offer, rows = self.cart, self.cart.offers[k], self.cart.rows[k]
        if self.ties.line[k]:
            rows = self.ties.still_open(k, rows, amounts)
        if not rows:
            return 0
        if (
            self.rates[k] and not offer.tests
        ):  # a percentage is asked of the rows every time; this is for who comes first
            left, rows = amounts.left, rows if offer.on_goods else self.rows[k]
            return sum([left[r] for r in rows]) * self.rates[k] // WHOLE + self.slack[k]
        later = self.later.amounts(k, amounts)
        view = View(cart, k, offer, rows, later)
        for test in offer.tests:
            if test.lasting and test.check(view) is not None:
                return 0
        if not self.exact >> k & 1 or (amounts.stage == PRICE and cart.price_bits):
            return offer.benefit.most(view)
        partners = self.ties.line[k] & self.active & (1 << k) - 1
        if not partners:
            return offer.benefit.most_of_these(view)
        closed = self._closes(partners, amounts)
        if not closed:
            return offer.benefit.most(view)
        most, rows = offer.benefit.most_of_these(view), [r for r in rows if r not in closed]
        return max(most, offer.benefit.most_of_these(View(cart, k, offer, rows, later))) if rows else most

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

    def _gives(self, k: int) -> bool:
        """Whether it may serve without taking anything."""
        return type(self.cart.offers[k].benefit).gifts is not Benefit.gifts

    def counted(self, k: int, most: int) -> int:
        """What counts of an amount that candidate k takes, when the untied percentages after it have had their turns."""
        return (most * self.after[k] >> BITS) + 1 if most else 0

    def rest(self, amounts: Amounts, values: list[int], mask: int, ahead: int) -> int:
        """A bound on what the candidates `ahead`, all later than those of `mask`, still save on these amounts."""
        left, rated, total = amounts.left, ahead & self.rated, 0
        alone = self.alone & ahead
        while alone:
            total += values[(alone & -alone).bit_length() - 1]
            alone &= alone - 1
        apart = []
        for clique in self.cliques:
            members = clique & ahead
            if members & (members - 1) or (members & rated and self._closed(members, mask)):
                apart.append(members)
                rated &= ~members
            elif members and not members & rated:
                total += values[members.bit_length() - 1]
        keep, slack = self.keep(rated)
        for members in apart:
            total += self._largest(members, amounts, values, keep)
        kept: int = sum(map(mul, left, keep))
        return total + sum(left) - (kept >> BITS) + slack

    def _closed(self, member: int, mask: int) -> bool:
        """Whether an exclusion by line may have closed rows to a candidate already."""
        return bool(self.ties.line[member.bit_length() - 1] & mask)

    def _largest(self, members: int, amounts: Amounts, values: list[int], keep: list[int]) -> int:
        """The most that one of some candidates counts for."""
        best = 0
        while members:
            j = (members & -members).bit_length() - 1
            members &= members - 1
            value = values[j]
            if value > best and self.rates[j]:
                value = min(value, self._part(j, amounts, keep))
            best = max(best, value)
        return best

    def _part(self, j: int, amounts: Amounts, keep: list[int]) -> int:
        """What a tied percentage counts for."""
        rows, left = self.rows[j], amounts.left
        if self.ties.line[j]:
            rows = self.ties.still_open(j, rows, amounts)
        base = sum([left[r] * keep[r] for r in rows]) + self.loose
        return (base * self.rates[j] // WHOLE >> BITS) + self.slack[j]


def rate_of(cart: Cart, k: int) -> int:
    """The percentage, in basis points, of what is left on each row that candidate k takes at most; 0 for no such."""
    offer = cart.offers[k]
    if offer.stage == PRICE or offer.group is not None:
        return 0
    if offer.spill and (cart.start.kept or any([cart.low[r] for r in cart.rows[k]])):
        return 0  # what one row cannot take, others have to
    return offer.benefit.rate(View(cart, k, offer, cart.rows[k], cart.start))


def _slack(cart: Cart, k: int, rows: list[int]) -> int:
    """By how much rounding may raise what a percentage takes in all."""
    if cart.offers[k].per != "unit":
        return len(rows) + 1
    return sum([cart.facts.rows[r].quantity if r < cart.shipping_at else 1 for r in rows]) + 1


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
