"""How many coupons were used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

WAY = {
    "any": Words("either way", "全部"),
    "rule": Words("priced by our rules", "按规则核销"),
    "outside": Words("recorded outside", "规则外记录"),
}


@dataclass(frozen=True, slots=True)
class Uses(Metric):
    """Coupons redeemed: priced, held and redeemed by the rules, or recorded as used where the rules did not price them."""

    way: str = choice("Which", "哪一种", WAY, default="any")

    title: ClassVar[Words] = Words("Redemptions", "核销数")
    once: ClassVar[tuple[str, ...]] = ("coupon",)

    def facts(self, lake: Lake) -> Table:
        """The coupons used."""
        uses = lake.uses
        return uses if self.way == "any" else uses.filter(uses.by_rule == (self.way == "rule"))
