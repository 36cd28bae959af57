"""What an offer sees at its turn: the rows it is about and the amounts as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from festoon.base.money import WHOLE, rounded, share
from festoon.engine.amounts import NOT_GIVEN, Amounts, unit_values
from festoon.engine.stages import ENTRY, LIST, PRICE, RUNNING

if TYPE_CHECKING:
    from festoon.engine.cart import Cart
    from festoon.engine.facts import Facts, Row
    from festoon.engine.offer import Offer
    from festoon.engine.scope import Scope


def of_rows(amounts: list[int], rows: list[int]) -> list[int]:
    """The amounts of some rows, which rise: all the first so many in one go."""
    if rows and rows[-1] == len(rows) - 1:
        return amounts[: len(rows)]
    return [amounts[r] for r in rows]


class View:
    """One offer's turn on one cart. `goods` are its rows of goods; `rows` are where it takes: they, or shipping.

    A benefit that points at single units notes what it gives to each unit of a row in `given`.
    """

    __slots__ = ("amounts", "cart", "facts", "given", "goods", "k", "offer", "rows")

    def __init__(self, cart: Cart, k: int, offer: Offer, goods: list[int], amounts: Amounts) -> None:
        self.cart, self.k, self.offer, self.goods, self.amounts = cart, k, offer, goods, amounts
        self.facts: Facts = cart.facts
        self.rows = goods if offer.on_goods else self._rows()
        self.given = NOT_GIVEN

    def pass_on(self, k: int, offer: Offer, goods: list[int]) -> None:
        """The turn of another offer, on the amounts as they stand now."""
        self.k, self.offer, self.goods = k, offer, goods
        self.rows = goods if offer.on_goods else self._rows()
        self.given = NOT_GIVEN

    def narrow(self, goods: list[int]) -> None:
        """Look at these rows of goods only."""
        self.goods = goods
        self.rows = goods if self.offer.on_goods else self._rows()

    def _rows(self) -> list[int]:
        """Where an offer takes that is about shipping too."""
        return [*self.goods, self.cart.shipping_at] if self.offer.pays_shipping else self.cart.shipping_row

    def at(self, basis: int) -> list[int]:
        """Every amount of the cart on a basis of `stages`."""
        amounts, offer = self.amounts, self.offer
        if offer.stage == PRICE or basis == LIST:  # prices do not compound: each looks at the list
            return self.cart.gross
        if basis == RUNNING:
            return amounts.left if offer.group is None else self.grouped()
        if basis == ENTRY:
            return amounts.entry if offer.stage == amounts.stage else amounts.left
        return amounts.tag if amounts.stage > 0 else amounts.left

    def grouped(self) -> list[int]:
        """What is left of every row; in a group that began, what was left then."""
        group, groups = self.offer.group, self.amounts.groups
        return groups[group][0] if group is not None and group in groups else self.amounts.left

    def among(self, goods: Scope | None, whole_order: bool = False) -> list[int]:
        """The rows of goods that are counted: the offer's own, those of the whole order, or those of a scope."""
        if goods is None:
            return list(range(self.cart.shipping_at)) if whole_order else self.goods
        rows, left, gross, seen = self.facts.rows, self.at_now(), self.cart.gross, self.facts.only_sum
        return [
            r
            for r, row in enumerate(rows)
            if (seen or goods.holds(row)) and (not goods.untouched or left[r] == gross[r])
        ]

    def at_now(self) -> list[int]:
        """What is left of every row; of prices none looks at another, so to them it is the list price."""
        return self.cart.gross if self.offer.stage == PRICE else self.amounts.left

    def balance(self) -> int | None:
        """What is left on the coupon that the offer is held as; None when nobody said."""
        held = self.cart.coupons[self.k]
        return held.balance if held is not None else None

    def spend(self, whole_order: bool = False, goods: Scope | None = None, shipping: bool = False) -> int:
        """The sum that thresholds look at: of the offer's goods, of all goods of the order, or of those of a scope."""
        amounts = self.at(self.offer.threshold_basis)
        if goods is None and not whole_order and not shipping:
            return sum(of_rows(amounts, self.goods))
        if whole_order and goods is None:
            return sum(amounts) - (0 if shipping else amounts[-1])
        fee = amounts[-1] if shipping else 0
        return fee + sum([amounts[r] for r in self.among(goods, whole_order)])

    def quantity(self, whole_order: bool = False, goods: Scope | None = None) -> int:
        """How many units: of the offer's goods, of the order, or of the goods of a scope."""
        return self.count(self.among(goods, whole_order))

    def part(self, goods: Scope | None) -> list[int]:
        """Those of the offer's rows that a scope narrows it to."""
        if goods is None:
            return self.goods
        kept = set(self.among(goods))
        return [r for r in self.goods if r in kept]

    def count(self, rows: list[int]) -> int:
        """How many units some rows hold."""
        counts = self.facts.counts
        return counts[rows[0]] if len(rows) == 1 else sum([counts[r] for r in rows])

    def base(self) -> list[int]:
        """The amounts that percentages look at, beside `rows`."""
        offer = self.offer
        return of_rows(self.amounts.left if offer.plainly_running else self.at(offer.percent_basis), self.rows)

    def prices(self) -> list[int]:
        """The amounts that a price is put in the place of, beside `rows`: what is left, whatever percentages look at."""
        return of_rows(self.at(RUNNING), self.rows)

    def running(self) -> list[int]:
        """What is left, beside `rows`."""
        return of_rows(self.amounts.left, self.rows)

    def comes_to(self, basis_points: int) -> bool:
        """Whether a percentage of what is left on any of `rows` comes to one minor unit at least."""
        left = self.amounts.left
        for r in self.rows:
            if left[r] * basis_points >= WHOLE:
                return True
        return False

    def quantities(self) -> list[int]:
        """Units of each of `rows`; shipping is one."""
        return of_rows(self.facts.counts, self.rows)

    def row(self, r: int) -> Row:
        """A row of goods."""
        return self.facts.rows[r]

    def units(self, r: int) -> list[int]:
        """What is left on each unit of a row of goods."""
        amounts = self.amounts
        return unit_values(amounts.last, amounts.left, amounts.bids, r, self.facts.rows[r])

    def seen(self, r: int) -> list[int]:
        """What the offer sees of each unit of a row: what is left on it, or in a group that began, what was left then."""
        group, groups = self.offer.group, self.amounts.groups
        if group is None or group not in groups:
            return self.units(r)
        left, last = groups[group]
        return unit_values(last, left, self.amounts.bids, r, self.facts.rows[r])

    def percent(self, amount: int, basis_points: int) -> int:
        """A percentage of an amount, rounded as the offer says."""
        offer = self.offer
        if offer.rounds_price:
            return amount - rounded(amount * (10_000 - basis_points), 10_000, offer.rounding)
        return rounded(amount * basis_points, 10_000, offer.rounding)

    def percents(self, basis_points: int) -> list[int]:
        """A percentage of each of the amounts that percentages look at, rounded as the offer says."""
        offer, slack = self.offer, self.offer.slack
        if slack < 0:
            return [self.percent(amount, basis_points) for amount in self.base()]
        if offer.rounds_price:
            kept = WHOLE - basis_points
            return [amount - (amount * kept + slack) // WHOLE for amount in self.base()]
        amounts, rows = self.amounts.left if offer.plainly_running else self.at(offer.percent_basis), self.rows
        return [(amounts[r] * basis_points + slack) // WHOLE for r in rows]

    def spread(self, amount: int) -> list[int]:
        """An amount over `rows`, weighted as the offer says; never more than is left."""
        left, rows = self.amounts.left, self.rows
        if len(rows) == 1:
            there = left[rows[0]]
            return [amount if amount < there else there]
        values = of_rows(left, rows)
        there = sum(values)
        return share(amount if amount < there else there, values if self.offer.weights == "value" else self.weights())

    def weights(self) -> list[int]:
        """How an amount is divided over `rows`, as the offer says: by what is left, evenly, or by quantity.

        A row with nothing left has no part.
        """
        kind, left = self.offer.weights, self.running()
        if kind == "value":
            return left
        counts = self.quantities() if kind == "quantity" else [1] * len(left)
        return [n if v > 0 else 0 for n, v in zip(counts, left, strict=True)]
