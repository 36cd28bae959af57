"""Spend at most an amount."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.form import choice, flag, money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.scope import Scope
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.counting import Spending
from festoon.rulebook.scopes import goods, on_goods
from festoon.rulebook.words import OF


@dataclass(frozen=True, slots=True)
class MostSpend(Spending):
    """The goods of the offer come to at most an amount.

    Counted on the offer's threshold basis, by default what entered the stage; `of: order` counts every line of the
    order, also those outside the offer's scope, and `goods` those that it names. Shipping counts where it says so.
    """

    amount: int = money("Spend at most", "不超过", least=1)
    of: str = choice("Counted over", "计算范围", OF, default="scope")
    goods: Scope | None = goods("Counted goods", "计算商品")
    shipping: bool = flag("Shipping counts", "含运费")

    def check(self, view: View) -> No | None:
        """The distance is the money that is too much."""
        spent = self.spent(view)
        if spent <= self.amount:
            return None
        return No("not_met", "most_spend", spent - self.amount, "money", source=self)

    def words(self, currency: str) -> Words:
        """Spend at most 300.00"""
        text = price_text(self.amount, currency)
        return on_goods(Words(f"spend at most {text}", f"不超过{text}"), self.goods, currency)

    def refusal(self, no: No, currency: str) -> Words:
        """19.00 too much."""
        text = price_text(no.gap, currency)
        return Words(f"the purchase is {text} too large", f"超出{text}")
