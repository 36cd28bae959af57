"""How many orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Orders(Metric):
    """Orders the shop recorded, by its own order codes."""

    title: ClassVar[Words] = Words("Orders", "订单数")
    once: ClassVar[tuple[str, ...]] = ("merchant", "order")

    def facts(self, lake: Lake) -> Table:
        """The recorded orders."""
        return lake.orders
