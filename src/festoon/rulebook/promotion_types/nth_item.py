"""The second at half the price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.words import Words
from festoon.rulebook.benefits.nth_item import PER
from festoon.rulebook.benefits.nth_item import NthItem as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class NthItem(PromotionType):
    """Every nth unit of the offer's goods has a percentage off, or costs a price: "the second for 1.00".

    It is the cheapest of every n, over all goods of the offer or of each sku by itself; at most `times`, and at most
    `cap` off them together. Give either `basis_points` or `price`.
    """

    nth: int = count("Every", "每第几件", least=1, most=1000)
    basis_points: int | None = percent("Percent off", "折扣比例", default=None)
    per: str = choice("Counted", "计数范围", PER, default="scope")
    which: str = choice("Which are counted first", "计数顺序", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    price: int | None = money("or the price of each nth", "或第N件每件价", default=None)
    cap: int | None = money("At most off together", "合计最高优惠", least=1, default=None)

    title: ClassVar[Words] = Words("Nth item", "第N件优惠")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(self._given())

    def _given(self) -> Given:
        return Given(self.nth, self.basis_points, self.per, self.which, self.times, self.price, self.cap)
