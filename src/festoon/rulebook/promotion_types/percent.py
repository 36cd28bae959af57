"""Ten percent off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money, percent
from festoon.base.words import Words
from festoon.rulebook.benefits.percent_off import PercentOff
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class Percent(PromotionType):
    """A percentage off the goods of the offer, at most `cap` in all. As a coupon: a discount coupon."""

    basis_points: int = percent("Percent off", "折扣比例")
    cap: int | None = money("At most", "最高优惠", least=1, default=None)

    title: ClassVar[Words] = Words("Percent off", "折扣")

    def parts(self) -> Parts:
        """A percentage off."""
        return Parts(PercentOff(self.basis_points, self.cap))
