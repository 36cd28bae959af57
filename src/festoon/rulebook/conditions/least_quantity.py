"""Buy at least a number of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
class LeastQuantity(Condition):
    """At least a number of units of the offer's goods are in the cart.

    `of: order` counts every unit of the order, `goods` those of the goods that it names.
    """

    quantity: int = count("Buy at least", "满件数", least=1)
    of: str = choice("Counted over", "计算范围", OF, default="scope")
    goods: Scope | None = goods("Counted goods", "计算商品")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Goods are named once."""
        return both(self.of, self.goods)

    lasting: ClassVar[bool] = True

    def asks(self) -> int:
        """Staff can count."""
        return EYE

    def check(self, view: View) -> No | None:
        """The distance is the number of units still missing."""
        held = view.quantity(self.of == "order", self.goods)
        if held >= self.quantity or view.facts.only_sum:
            return None
        return No("not_met", "least_quantity", self.quantity - held, "count", source=self)

    def wide(self) -> bool:
        """Only where what was taken from other goods decides whether they count."""
        return self.goods is not None and self.goods.untouched

    def words(self, currency: str) -> Words:
        """Buy 3 units"""
        said = Words(f"buy {counted(self.quantity, 'unit', 'units')}", f"满{self.quantity}件")
        return on_goods(said, self.goods, currency)

    def refusal(self, no: No, currency: str) -> Words:
        """Add 2 units."""
        return Words(f"add {counted(no.gap, 'unit', 'units')}", f"再买{no.gap}件即可享受")
