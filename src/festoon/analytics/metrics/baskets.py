"""In how many baskets a campaign's coupons met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

REACH = {"broad": Words("broad", "宽口径"), "strict": Words("strict", "严口径")}


@dataclass(frozen=True, slots=True)
class Baskets(Metric):
    """Broad: every basket of a shopper on the day of a redemption. Strict: such a basket with a product of the coupon."""

    reach: str = choice("Counted", "口径", REACH, default="broad")

    title: ClassVar[Words] = Words("Redemption baskets", "核销购物篮")
    once: ClassVar[tuple[str, ...]] = ("merchant", "order")

    def facts(self, lake: Lake) -> Table:
        """The baskets with the campaign each belongs to."""
        return lake.broad if self.reach == "broad" else lake.strict
