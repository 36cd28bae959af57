"""A mug with every order of tea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, money, text
from festoon.base.words import Words
from festoon.rulebook.benefits.gift import Gift as Given
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class Gift(PromotionType):
    """Goods given beside the cart: with any purchase of the offer's goods, or from `at` spent on them."""

    sku: str = text("Goods", "赠品")
    quantity: int = count("How many", "数量", least=1, most=1000, default=1)
    value: int = money("Worth each", "单件价值", default=0)
    at: int = money("From an amount spent", "使用门槛", default=0)

    title: ClassVar[Words] = Words("Gift with purchase", "满赠")

    def parts(self) -> Parts:
        """A gift, with a least spend when there is a threshold."""
        return Parts(Given(self.sku, self.quantity, self.value), (LeastSpend(self.at),) if self.at else ())
