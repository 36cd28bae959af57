"""A price of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import PRICE, SHIPPING, STAGES
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import Units, top_above, values_now
from festoon.rulebook.words import counted


@dataclass(frozen=True, slots=True)
class UnitPrice(Benefit):
    """Each unit costs this much: a flash price, a member's price.

    Prices do not compound: of several that are open to it, a unit takes the lowest. With `units` only so many units of
    an order have the price, those on which it saves most.
    """

    price: int = money("Price of a unit", "单件价")
    units: int | None = count("Units in the order", "每单限购件数", least=1, default=None)

    stage: ClassVar[int] = PRICE
    stages: ClassVar[tuple[int, ...]] = tuple(range(len(STAGES)))

    def limit(self, view: View) -> int | None:
        """What one order may have."""
        return self.units

    def cut(self, view: View) -> list[int] | No:
        """Down to the price; a row that costs no more keeps what it has."""
        if self.units is not None and view.offer.stage != PRICE:
            return self._by_unit(view, self.units)
        pairs = zip(view.prices(), view.quantities(), strict=True)
        return [max(0, amount - self.price * quantity) for amount, quantity in pairs]

    def _by_unit(self, view: View, wanted: int) -> list[int]:
        """Down to the price, on the units that are dearest now."""
        units = Units(view)
        if view.offer.stage == SHIPPING:
            return [max(0, left - self.price) for left in view.running()]
        order = [(-value, r, i) for r in view.goods for i, value in enumerate(units.values(r))]
        for value, r, i in sorted(order)[:wanted]:
            units.give((r, i), max(0, -value - self.price))
        return units.cuts()

    def by_line(self, offer: Offer) -> bool:
        """Every line has its own price, unless units are limited."""
        return self.units is None

    def most(self, view: View) -> int:
        """Down to the price; never more than is left."""
        if self.units is not None and view.offer.stage != SHIPPING:
            return min(sum(view.running()), top_above(values_now(view), self.units, self.price, 1) + len(view.rows))
        pairs = zip(view.prices(), view.quantities(), strict=True)
        return min(sum(view.running()), sum([max(0, amount - self.price * quantity) for amount, quantity in pairs]))

    def words(self, currency: str) -> Words:
        """19.90 each, at most 2 units"""
        text = price_text(self.price, currency)
        said = Words(f"{text} each", f"单件{text}")
        if self.units is not None:
            said += Words(f", at most {counted(self.units, 'unit', 'units')}", f"，每单限{self.units}件")
        return said

    def shipping_words(self, currency: str) -> Words:
        """Shipping for 4.99"""
        text = price_text(self.price, currency)
        return Words(f"shipping for {text}", f"运费{text}")
