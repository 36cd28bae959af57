"""Buy two, get one free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.words import Words
from festoon.engine.scope import Scope
from festoon.rulebook.benefits.buy_x_get_y import BuyXGetY as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH
from festoon.rulebook.scopes import goods


@dataclass(frozen=True, slots=True)
class BuyXGetY(PromotionType):
    """For every `buy` units of the offer's goods, `get` more are free, at a percentage or an amount off, or at a price.

    Both kinds of units come from the goods of the offer, or from the part of them that `bought` and `given` name;
    only complete groups of `buy` + `get` count.
    """

    buy: int = count("Buy", "买", least=1, most=1000)
    get: int = count("Get", "送", least=1, most=1000, default=1)
    basis_points: int = percent("Percent off what is given", "赠送部分折扣", default=10_000)
    which: str = choice("Which are given", "赠送哪些", WHICH, default="cheapest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    off: int | None = money("or amount off each that is given", "或赠送部分每件减", least=1, default=None)
    bought: Scope | None = goods("Goods that buy", "购买商品")
    given: Scope | None = goods("Goods that are given", "赠送商品")
    price: int | None = money("or the price of each that is given", "或赠送部分每件价", default=None)

    title: ClassVar[Words] = Words("Buy some, get some", "买赠")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit of the same name."""
        return Parts(self._given())

    def _given(self) -> Given:
        groups = (self.buy, self.get, self.basis_points, self.which, self.times)
        return Given(*groups, self.off, self.bought, self.given, self.price)
