"""How many shoppers used a coupon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Redeemers(Metric):
    """Different shoppers who used at least one coupon."""

    title: ClassVar[Words] = Words("Redeemers", "核销人数")
    once: ClassVar[tuple[str, ...]] = ("shopper",)

    def facts(self, lake: Lake) -> Table:
        """The coupons used."""
        return lake.uses
