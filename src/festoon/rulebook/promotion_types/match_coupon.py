"""Double coupons up to a dollar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.words import Words
from festoon.rulebook.benefits.match_coupon import MatchCoupon as Given
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class MatchCoupon(PromotionType):
    """Coupons count double up to an amount, and whoever pays this offer pays the second half."""

    upto: int = money("Up to", "最高翻至", least=1)

    title: ClassVar[Words] = Words("Double coupons", "优惠券翻倍")
    kinds: ClassVar[tuple[str, ...]] = ("promotion",)

    def parts(self) -> Parts:
        """The benefit of the same name."""
        return Parts(Given(self.upto))
