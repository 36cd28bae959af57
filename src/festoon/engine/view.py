"""What an offer sees at its turn: the rows it is about and the amounts as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from festoon.base.money import rounded
from festoon.engine.amounts import Amounts, unit_values
from festoon.engine.stages import ENTRY, LIST, PRICE, RUNNING, SHIPPING, TAG

if TYPE_CHECKING:
    from festoon.engine.cart import Cart
    from festoon.engine.facts import Facts, Row
    from festoon.engine.offer import Offer


class View:
    """One offer's turn on one cart. `goods` are its rows of goods; `rows` are where it takes: they, or shipping.

    A benefit that points at single units notes what it gives to each unit of a row in `given`.
    """

    __slots__ = ("amounts", "cart", "facts", "given", "goods", "k", "offer", "rows")

    def __init__(self, cart: Cart, k: int, offer: Offer, goods: list[int], amounts: Amounts) -> None:
        self.cart, self.k, self.offer, self.goods, self.amounts = cart, k, offer, goods, amounts
        self.facts: Facts = cart.facts
        self.rows = cart.shipping_row if offer.stage == SHIPPING else goods
        self.given: dict[int, list[int]] = {}

    def at(self, basis: int) -> list[int]:
        """Every amount of the cart on a basis of `stages`."""
        amounts, offer = self.amounts, self.offer
        if basis == LIST or offer.stage == PRICE:  # prices do not compound: each looks at the list
            return self.cart.gross
        if basis == RUNNING:
            if offer.group is not None:
                return amounts.groups.get(offer.group, amounts.left)
            return amounts.left
        if basis == ENTRY:
            return amounts.entry if offer.stage == amounts.stage else amounts.left
        return amounts.tag if amounts.stage > 0 else amounts.left

    def spend(self, whole_order: bool = False) -> int:
        """The sum that thresholds look at: of the offer's goods, or of all goods of the order."""
        amounts = self.at(self.offer.threshold_basis)
        if whole_order:
            return sum(amounts[: self.cart.shipping_at])
        return sum([amounts[r] for r in self.goods])

    def quantity(self, whole_order: bool = False) -> int:
        """How many units: of the offer's goods, or of the order."""
        rows = self.facts.rows
        if whole_order:
            return sum([row.quantity for row in rows])
        return sum([rows[r].quantity for r in self.goods])

    def base(self) -> list[int]:
        """The amounts that percentages look at, beside `rows`."""
        amounts = self.at(self.offer.percent_basis)
        return [amounts[r] for r in self.rows]

    def running(self) -> list[int]:
        """What is left, beside `rows`."""
        left = self.amounts.left
        return [left[r] for r in self.rows]

    def quantities(self) -> list[int]:
        """Units of each of `rows`; shipping is one."""
        rows, shipping = self.facts.rows, self.cart.shipping_at
        return [1 if r == shipping else rows[r].quantity for r in self.rows]

    def row(self, r: int) -> Row:
        """A row of goods."""
        return self.facts.rows[r]

    def units(self, r: int) -> list[int]:
        """What is left on each unit of a row of goods."""
        return unit_values(self.amounts, r, self.facts.rows[r])

    def tag_per_unit(self, r: int) -> int:
        """The price on the tag of a unit of the row, rounded down."""
        return self.at(TAG)[r] // self.facts.rows[r].quantity

    def percent(self, amount: int, basis_points: int) -> int:
        """A percentage of an amount, rounded as the offer says."""
        offer = self.offer
        if offer.rounds_price:
            return amount - rounded(amount * (10_000 - basis_points), 10_000, offer.rounding)
        return rounded(amount * basis_points, 10_000, offer.rounding)

    def weights(self) -> list[int]:
        """How an amount is divided over `rows`, as the offer says: by what is left, evenly, or by quantity.

        A row with nothing left has no part.
        """
        kind, left = self.offer.weights, self.running()
        if kind == "value":
            return left
        counts = self.quantities() if kind == "quantity" else [1] * len(left)
        return [n if v > 0 else 0 for n, v in zip(counts, left, strict=True)]
