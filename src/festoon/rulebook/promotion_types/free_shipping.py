"""Free shipping from 99."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.words import Words
from festoon.rulebook.benefits.free_shipping import FreeShipping as Given
from festoon.rulebook.conditions.least_spend import LeastSpend
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class FreeShipping(PromotionType):
    """Shipping is free, or up to `cap` of it: with any purchase of the offer's goods, or from `at` spent on them."""

    at: int = money("From an amount spent", "使用门槛", default=0)
    cap: int | None = money("At most", "最高减免", least=1, default=None)

    title: ClassVar[Words] = Words("Free shipping", "包邮")

    def parts(self) -> Parts:
        """Free shipping, with a least spend when there is a threshold."""
        return Parts(Given(self.cap), (LeastSpend(self.at),) if self.at else ())
