"""Only with the buyer's first, second, … order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class NthOrder(Condition):
    """The order is the buyer's order number `least` to `most`; without `most`, that number or any later one.

    The first order is number 1. Of a buyer whose orders are not known nothing is assumed.
    """

    least: int = count("From order number", "自第几单", least=1, default=1)
    most: int | None = count("To order number", "至第几单", least=1, default=None)

    verdict: ClassVar[str] = "buyer"
    gate: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"orders_placed"})

    def faults(self) -> list[tuple[str, str, Words]]:
        """The range has an inside."""
        if self.most is not None and self.most < self.least:
            return [("most", "order", Words("must not be below least", "不得小于 least"))]
        return []

    def check(self, view: View) -> No | None:
        """No amount changes how often somebody has ordered."""
        placed = view.facts.buyer.orders_placed
        if placed is None or placed + 1 < self.least or (self.most is not None and placed + 1 > self.most):
            return No("buyer", "nth_order", source=self)
        return None

    def words(self, currency: str) -> Words:
        """For order 2 to 3"""
        if self.most is None:
            return Words(f"from order {self.least} on", f"第{self.least}单起")
        if self.most == self.least:
            return Words(f"for order {self.least}", f"第{self.least}单")
        return Words(f"for orders {self.least} to {self.most}", f"第{self.least}至{self.most}单")

    def refusal(self, no: No, currency: str) -> Words:
        """Is for order 2."""
        said = self.words(currency)
        return Words(f"is {said.en}", f"仅限{said.zh}")
