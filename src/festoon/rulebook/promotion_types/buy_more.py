"""Two pieces 10 % off, three pieces 20 %."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, table
from festoon.base.words import Words
from festoon.rulebook.benefits.amount_by_quantity import AGAIN, Step
from festoon.rulebook.benefits.amount_by_quantity import AmountByQuantity as Given
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class BuyMore(PromotionType):
    """The more units of the offer's goods, the more is saved on all of them: the highest step reached counts.

    With `repeat` the last step counts again for every further such number, at most `times`.
    """

    steps: tuple[Step, ...] = table(Step, "Steps", "阶梯")
    repeat: bool = flag("Every such number", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Buy more, save more", "满件优惠")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(self._given())

    def _given(self) -> Given:
        return Given(self.steps, self.repeat, self.times)
