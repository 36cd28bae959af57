"""Only together with certain goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count
from festoon.base.words import Words
from festoon.engine.facts import EYE
from festoon.engine.offer import Condition
from festoon.engine.scope import Scope
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.scopes import goods, goods_words
from festoon.rulebook.words import counted


@dataclass(frozen=True, slots=True)
class BasketContains(Condition):
    """The order holds at least a number of units of certain goods, inside or outside the offer's scope."""

    goods: Scope = goods("Goods", "商品", needed=True)
    quantity: int = count("How many", "件数", least=1, default=1)

    lasting: ClassVar[bool] = True

    def asks(self) -> int:
        """Staff can count."""
        return EYE

    def check(self, view: View) -> No | None:
        """The distance is the number of units still missing."""
        held = view.quantity(goods=self.goods)
        if held >= self.quantity or view.facts.only_sum:
            return None
        return No("not_met", "basket_contains", self.quantity - held, "count", source=self)

    def wide(self) -> bool:
        """Only where what was taken from other goods decides whether they count."""
        return self.goods.untouched

    def words(self, currency: str) -> Words:
        """Together with 1 unit of item t-1"""
        return self._said(self.quantity, currency, Words("together with ", "同购"))

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit of item t-1."""
        return self._said(no.gap, currency, Words("add ", "再加"))

    def _said(self, units: int, currency: str, before: Words) -> Words:
        named = goods_words(self.goods, currency)
        return before + Words(f"{counted(units, 'unit', 'units')} of {named.en}", f"{units}件{named.zh}")
