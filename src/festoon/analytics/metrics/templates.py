"""How many coupon templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Templates(Metric):
    """Released coupon templates that are about any goods at all."""

    title: ClassVar[Words] = Words("Coupon templates", "优惠券模板")
    once: ClassVar[tuple[str, ...]] = ("offer",)

    def facts(self, lake: Lake) -> Table:
        """The templates."""
        return lake.templates.semi_join(lake.scopes, "offer")
