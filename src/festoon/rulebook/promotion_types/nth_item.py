"""The second at half the price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, percent
from festoon.base.words import Words
from festoon.rulebook.benefits.nth_item import PER
from festoon.rulebook.benefits.nth_item import NthItem as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class NthItem(PromotionType):
    """Every nth unit of the offer's goods has a percentage off: the cheapest of every n, or of each sku by itself."""

    nth: int = count("Every", "每第几件", least=1, most=1000)
    basis_points: int = percent("Percent off", "折扣比例")
    per: str = choice("Counted", "计数范围", PER, default="scope")
    which: str = choice("Which are counted first", "计数顺序", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Nth item", "第N件优惠")

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(Given(self.nth, self.basis_points, self.per, self.which, self.times))
