"""How well known face values fit what the till recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

COUNTED = {
    "seen": Words("a coupon discount was recorded on its goods", "适用商品上有券优惠记录"),
    "equal": Words("that discount is the face value", "该优惠等于面值"),
}


@dataclass(frozen=True, slots=True)
class TillAgreement(Metric):
    """Coupon-shopper-days: a coupon of known face value was used, and the till recorded maker coupons on its goods.

    Equal: what it recorded that day on these goods is the face value times the coupons used.
    """

    counted: str = choice("Counted", "计数", COUNTED, default="seen")

    title: ClassVar[Words] = Words("Agreement with the till", "与收银记录一致")
    once: ClassVar[tuple[str, ...]] = ("offer", "shopper", "day")

    def facts(self, lake: Lake) -> Table:
        """One row a coupon template, shopper and day."""
        known = lake.templates.filter(lake.templates.face_value.notnull())
        used = lake.uses.group_by("campaign", "offer", "shopper", "day").aggregate(times=lake.uses.coupon.nunique())
        used = used.inner_join(known, "offer")
        bought = used.inner_join(lake.lines, ["shopper", "day"]).inner_join(lake.scopes, ["offer", "sku"])
        seen = bought.group_by("campaign", "offer", "shopper", "day").aggregate(
            taken=bought.maker.sum(), expected=bought.face_value.max() * bought.times.max()
        )
        seen = seen.filter(seen.taken > 0)
        return seen.filter(seen.taken == seen.expected) if self.counted == "equal" else seen
