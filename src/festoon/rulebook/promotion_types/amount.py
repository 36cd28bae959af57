"""Five off, from twenty spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.words import Words
from festoon.rulebook.benefits.amount_off import AmountOff
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class Amount(PromotionType):
    """An amount off the goods of the offer together: at once, or from `at` spent on them.

    As a coupon: an instant-discount coupon, or one above a certain amount.
    """

    off: int = money("Amount off", "优惠金额", least=1)
    at: int = money("From an amount spent", "使用门槛", default=0)

    title: ClassVar[Words] = Words("Amount off", "立减")

    def parts(self) -> Parts:
        """An amount off, with a least spend when there is a threshold."""
        return Parts(AmountOff(self.off), (LeastSpend(self.at),) if self.at else ())
