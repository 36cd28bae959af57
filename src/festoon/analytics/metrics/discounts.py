"""What discounts came to at the checkout here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Discounts(Metric):
    """Discounts on what was redeemed here, in minor units, before refunds: everything that all payers paid."""

    title: ClassVar[Words] = Words("Discounts", "优惠额")
    unit: ClassVar[str] = "money"
    once: ClassVar[tuple[str, ...]] = ("id",)

    def facts(self, lake: Lake) -> Table:
        """Redemptions."""
        return lake.of("order.redeemed")

    def amount(self, facts: Table) -> Any:
        """The discount of the price."""
        return facts.money.get("discount", 0)
