"""How many coupons shoppers took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Claims(Metric):
    """Coupons that shoppers claimed themselves; what was put into wallets is `issued`."""

    title: ClassVar[Words] = Words("Claims", "领取数")
    once: ClassVar[tuple[str, ...]] = ("id",)

    def facts(self, lake: Lake) -> Table:
        """The claims."""
        return lake.of("coupon.claimed")
