"""A gift with the purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, money, text
from festoon.base.words import Words, same
from festoon.engine.offer import Benefit
from festoon.engine.offer import Gift as Given
from festoon.engine.stages import PLATFORM
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class Gift(Benefit):
    """Goods given beside the cart. `value` is what one is worth in the choice between offers; not stated is nothing."""

    sku: str = text("Goods", "赠品")
    quantity: int = count("How many", "数量", least=1, most=1000, default=1)
    value: int = money("Worth each", "单件价值", default=0)

    stage: ClassVar[int] = PLATFORM

    def cut(self, view: View) -> list[int] | No:
        """Nothing is taken from the cart."""
        return [0] * len(view.rows)

    def gifts(self, view: View) -> tuple[Given, ...]:
        """The goods."""
        return (Given(self.sku, self.quantity, self.value * self.quantity),)

    def most(self, view: View) -> int:
        """Its stated value."""
        return self.value * self.quantity

    def words(self, currency: str) -> Words:
        """Get 1 × mug-red"""
        return Words("get ", "送") + same(f"{self.quantity} × {self.sku}")
