"""Buy two, get one free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, percent
from festoon.base.words import Words
from festoon.rulebook.benefits.buy_x_get_y import WHICH
from festoon.rulebook.benefits.buy_x_get_y import BuyXGetY as Given
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class BuyXGetY(PromotionType):
    """For every `buy` units of the offer's goods, `get` more are free, or at a percentage off.

    Both kinds of units come from the goods of the offer; only complete groups of `buy` + `get` count.
    """

    buy: int = count("Buy", "买", least=1, most=1000)
    get: int = count("Get", "送", least=1, most=1000, default=1)
    basis_points: int = percent("Percent off what is given", "赠送部分折扣", default=10_000)
    which: str = choice("Which are given", "赠送哪些", WHICH, default="cheapest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Buy some, get some", "买赠")

    def parts(self) -> Parts:
        """The benefit of the same name."""
        return Parts(Given(self.buy, self.get, self.basis_points, self.which, self.times))
