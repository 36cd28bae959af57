"""A cup for 9.90 with tea from 100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, flag, money
from festoon.base.words import Words
from festoon.engine.scope import Scope
from festoon.rulebook.benefits.add_on_price import AGAIN
from festoon.rulebook.benefits.add_on_price import AddOnPrice as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH
from festoon.rulebook.scopes import goods


@dataclass(frozen=True, slots=True)
class AddOn(PromotionType):
    """Who buys of the offer's goods may add `goods` at a special price; they are goods of the offer too, and do not
    count towards `at`.
    """

    goods: Scope = goods("Goods that are added", "换购商品", needed=True)
    price: int = money("Price of a unit", "换购价")
    at: int = money("From an amount spent", "使用门槛", default=0)
    units: int = count("At most units", "限购件数", least=1, default=1)
    which: str = choice("Which come first", "哪些优先", WHICH, default="dearest")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)

    title: ClassVar[Words] = Words("Add-on purchase", "加价换购")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(self._given())

    def _given(self) -> Given:
        return Given(self.goods, self.price, self.at, self.units, self.which, self.repeat)
