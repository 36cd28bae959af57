"""Spend at least an amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
class LeastSpend(Spending):
    """The goods of the offer come to at least an amount.

    Counted on the offer's threshold basis, by default what entered the stage; `of: order` counts every line of the
    order, also those outside the offer's scope, and `goods` those that it names. Shipping counts where it says so.
    """

    amount: int = money("Spend at least", "满", least=1)
    of: str = choice("Counted over", "计算范围", OF, default="scope")
    goods: Scope | None = goods("Counted goods", "计算商品")
    shipping: bool = flag("Shipping counts", "含运费")

    lasting: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """The distance is the money still missing."""
        spent = view.spend(self.of == "order", self.goods, self.shipping)
        if spent >= self.amount:
            return None
        return No("not_met", "least_spend", self.amount - spent, "money", source=self)

    def simply(self) -> tuple[int, bool] | None:
        """Of the offer's goods, or of the order."""
        return (self.amount, self.of == "order") if self.goods is None and not self.shipping else None

    def words(self, currency: str) -> Words:
        """Spend 300.00"""
        text = price_text(self.amount, currency)
        return on_goods(Words(f"spend {text}", f"满{text}"), self.goods, currency)

    def refusal(self, no: No, currency: str) -> Words:
        """Spend 19.00 more."""
        text = price_text(no.gap, currency)
        return Words(f"spend {text} more", f"再买{text}即可享受")
