"""Buy at least a number of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count
from festoon.base.words import Words
from festoon.engine.scope import Scope
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.counting import Units
from festoon.rulebook.scopes import goods, on_goods
from festoon.rulebook.words import OF, counted


@dataclass(frozen=True, slots=True)
class LeastQuantity(Units):
    """At least a number of units of the offer's goods are in the cart.

    `of: order` counts every unit of the order, `goods` those of the goods that it names.
    """

    quantity: int = count("Buy at least", "满件数", least=1)
    of: str = choice("Counted over", "计算范围", OF, default="scope")
    goods: Scope | None = goods("Counted goods", "计算商品")

    lasting: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """The distance is the number of units still missing."""
        held = self.held(view)
        if held >= self.quantity or view.facts.only_sum:
            return None
        return No("not_met", "least_quantity", self.quantity - held, "count", source=self)

    def words(self, currency: str) -> Words:
        """Buy 3 units"""
        said = Words(f"buy {counted(self.quantity, 'unit', 'units')}", f"满{self.quantity}件")
        return on_goods(said, self.goods, currency)

    def refusal(self, no: No, currency: str) -> Words:
        """Add 2 units."""
        return Words(f"add {counted(no.gap, 'unit', 'units')}", f"再买{no.gap}件即可享受")
