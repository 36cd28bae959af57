"""Half the shipping, or ten off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money, percent
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.rulebook.benefits.amount_off import AmountOff
from festoon.rulebook.benefits.percent_off import PercentOff
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class ShippingOff(PromotionType):
    """A percentage of shipping, at most `cap`, or an amount off it: with any purchase of the offer's goods, or from `at`."""

    basis_points: int = percent("Percent off shipping", "运费折扣", least=0, default=0)
    off: int = money("or amount off shipping", "或运费立减", default=0)
    cap: int | None = money("At most", "最高减免", least=1, default=None)
    at: int = money("From an amount spent", "使用门槛", default=0)

    title: ClassVar[Words] = Words("Shipping discount", "运费优惠")
    stage: ClassVar[str | None] = "shipping"

    def faults(self) -> list[tuple[str, str, Words]]:
        """Exactly one of the two is given; an amount needs no cap."""
        if bool(self.off) == bool(self.basis_points):
            return [("off", "one_of", Words("give either off or basis_points", "off 与 basis_points 须二选一"))]
        if self.off and self.cap is not None:
            return [("cap", "percent", Words("is for percentages", "仅用于折扣比例"))]
        return []

    def parts(self) -> Parts:
        """A percentage or an amount off, with a least spend when there is a threshold."""
        benefit: Benefit = AmountOff(self.off) if self.off else PercentOff(self.basis_points, self.cap)
        return Parts(benefit, (LeastSpend(self.at),) if self.at else ())
