"""Money to spend at the payment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.words import Words
from festoon.rulebook.benefits.amount_off import AmountOff
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class RedEnvelope(PromotionType):
    """A coupon of the payment stage, with or without a threshold: used once and whole, what is over is lost.

    It works after every other discount; its threshold looks at what is left to pay for the goods of the offer.
    """

    amount: int = money("Amount", "金额", least=1)
    at: int = money("From an amount to pay", "使用门槛", default=0)

    title: ClassVar[Words] = Words("Red envelope", "红包")
    stage: ClassVar[str | None] = "payment"
    kinds: ClassVar[tuple[str, ...]] = ("coupon",)

    def parts(self) -> Parts:
        """An amount off, with a least spend when there is a threshold."""
        return Parts(AmountOff(self.amount), (LeastSpend(self.at),) if self.at else ())
