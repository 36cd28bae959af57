"""Buy at most a number of units."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.form import choice, count
from festoon.base.words import Words
from festoon.engine.facts import EYE
from festoon.engine.offer import Condition
from festoon.engine.scope import Scope
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.scopes import both, goods, on_goods
from festoon.rulebook.words import OF, counted


@dataclass(frozen=True, slots=True)
class MostQuantity(Condition):
    """At most a number of units of the offer's goods are in the cart.

    `of: order` counts every unit of the order, `goods` those of the goods that it names.
    """

    quantity: int = count("Buy at most", "最多件数", least=1)
    of: str = choice("Counted over", "计算范围", OF, default="scope")
    goods: Scope | None = goods("Counted goods", "计算商品")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Goods are named once."""
        return both(self.of, self.goods)

    def asks(self) -> int:
        """Staff can count."""
        return EYE

    def check(self, view: View) -> No | None:
        """The distance is the number of units that are too many."""
        held = view.quantity(self.of == "order", self.goods)
        if held <= self.quantity:
            return None
        return No("not_met", "most_quantity", held - self.quantity, "count", source=self)

    def wide(self) -> bool:
        """Only where what was taken from other goods decides whether they count."""
        return self.goods is not None and self.goods.untouched

    def words(self, currency: str) -> Words:
        """Buy at most 3 units"""
        said = Words(f"buy at most {counted(self.quantity, 'unit', 'units')}", f"不超过{self.quantity}件")
        return on_goods(said, self.goods, currency)

    def refusal(self, no: No, currency: str) -> Words:
        """2 units too many."""
        return Words(f"{counted(no.gap, 'unit', 'units')} too many", f"超出{no.gap}件")
