"""What was sold at the checkout here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Sold(Metric):
    """What shoppers paid for what was redeemed here, in minor units, less what they got back, each at its own time."""

    title: ClassVar[Words] = Words("Sold", "销售额")
    unit: ClassVar[str] = "money"
    once: ClassVar[tuple[str, ...]] = ("id",)

    def facts(self, lake: Lake) -> Table:
        """Redemptions and refunds."""
        return lake.of("order.redeemed", "order.refunded")

    def amount(self, facts: Table) -> Any:
        """What was paid, or less what went back."""
        return facts.money.get("payable", 0).fill_null(0) * (facts.kind == "order.redeemed").cast(
            "int64"
        ) - facts.money.get("refunded", 0)
