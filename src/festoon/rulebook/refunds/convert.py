"""A coupon goes back to its shopper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag
from festoon.base.words import Words
from festoon.engine.refund import RefundPolicy


@dataclass(frozen=True, slots=True)
class Convert(RefundPolicy):
    """Shares go back as they do by `keep`; and the coupon may be used again once nothing of the order enjoys it.

    That is when the last unit came back that had a part of its discount. It ends when it would have ended, or `days`
    after the day of the refund where that is later; one that has ended meanwhile stays used.
    """

    days: int | None = count("Days from the refund", "退款后有效天数", most=3650, default=None)
    keeps_gifts: bool = flag("The shopper keeps gifts", "赠品不退")

    title: ClassVar[Words] = Words("convert: the coupon goes back", "返券：退回优惠券")
    coupon_back: ClassVar[bool] = True
