"""Buy at most a number of units."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.form import choice, count
from festoon.base.words import Words
from festoon.engine.scope import Scope
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.counting import Units
from festoon.rulebook.scopes import goods, on_goods
from festoon.rulebook.words import OF, counted


@dataclass(frozen=True, slots=True)
class MostQuantity(Units):
    """At most a number of units of the offer's goods are in the cart.

    `of: order` counts every unit of the order, `goods` those of the goods that it names.
    """

    quantity: int = count("Buy at most", "最多件数", least=1)
    of: str = choice("Counted over", "计算范围", OF, default="scope")
    goods: Scope | None = goods("Counted goods", "计算商品")

    def check(self, view: View) -> No | None:
        """The distance is the number of units that are too many."""
        held = self.held(view)
        if held <= self.quantity:
            return None
        return No("not_met", "most_quantity", held - self.quantity, "count", source=self)

    def words(self, currency: str) -> Words:
        """Buy at most 3 units"""
        said = Words(f"buy at most {counted(self.quantity, 'unit', 'units')}", f"不超过{self.quantity}件")
        return on_goods(said, self.goods, currency)

    def refusal(self, no: No, currency: str) -> Words:
        """2 units too many."""
        return Words(f"{counted(no.gap, 'unit', 'units')} too many", f"超出{no.gap}件")
