"""Money to spend at the payment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import flag, money
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.rulebook.benefits.amount_off import AmountOff
from festoon.rulebook.benefits.balance_off import BalanceOff
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class RedEnvelope(PromotionType):
    """A coupon of the payment stage, with or without a threshold: used once and whole, what is over is lost.

    `divisible` makes it a balance: what is over stays, and with `shipping` it pays shipping too.

    It works after every other discount; its threshold looks at what is left to pay for the goods of the offer.
    """

    amount: int = money("Amount", "金额", least=1)
    at: int = money("From an amount to pay", "使用门槛", default=0)
    divisible: bool = flag("A balance", "可分次使用")
    shipping: bool = flag("Pays shipping too", "可抵运费")

    title: ClassVar[Words] = Words("Red envelope", "红包")
    stage: ClassVar[str | None] = "payment"
    kinds: ClassVar[tuple[str, ...]] = ("coupon",)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Only a balance pays shipping."""
        if self.shipping and not self.divisible:
            return [("shipping", "divisible", Words("needs divisible", "须与 divisible 同用"))]
        return []

    def parts(self) -> Parts:
        """An amount off, with a least spend when there is a threshold."""
        benefit: Benefit = BalanceOff(self.amount, self.shipping) if self.divisible else AmountOff(self.amount)
        return Parts(benefit, (LeastSpend(self.at),) if self.at else ())
