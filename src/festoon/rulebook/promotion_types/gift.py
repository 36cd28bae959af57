"""A mug with every order of tea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, text
from festoon.base.words import Words
from festoon.rulebook.benefits.gift import SHORT
from festoon.rulebook.benefits.gift import Gift as Given
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class Gift(PromotionType):
    """Goods given beside the cart: with any purchase of the offer's goods, or from `at` spent on them.

    Once; or for `every` such amount, or `every_units` such number of units, at most `times`. When fewer are left than
    that, `short` says what happens: what is left, nothing at all, or `instead` for those that are missing.
    """

    sku: str = text("Goods", "赠品")
    quantity: int = count("How many", "数量", least=1, most=1000, default=1)
    value: int = money("Worth each", "单件价值", default=0)
    at: int = money("From an amount spent", "使用门槛", default=0)
    every: int | None = money("For every amount", "每满金额", least=1, default=None)
    every_units: int | None = count("For every number of units", "每满件数", least=1, default=None)
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    short: str = choice("When fewer are left", "赠品不足时", SHORT, default="give")
    instead: str | None = text("Instead", "替代赠品", default=None)

    title: ClassVar[Words] = Words("Gift with purchase", "满赠")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """A gift, with a least spend when there is a threshold."""
        return Parts(self._given(), (LeastSpend(self.at),) if self.at else ())

    def _given(self) -> Given:
        return Given(
            self.sku, self.quantity, self.value, self.every, self.every_units, self.times, self.short, self.instead
        )
