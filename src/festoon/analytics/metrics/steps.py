"""How far shoppers came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

STEP = {
    "campaign.opened": Words("a campaign's page was opened", "打开活动页"),
    "coupon.claimed": Words("a coupon was claimed", "领取优惠券"),
    "hold.made": Words("a basket was reserved", "占用"),
    "order.redeemed": Words("a basket was bought", "购买"),
}


@dataclass(frozen=True, slots=True)
class Steps(Metric):
    """How often one step of the way to the purchase was taken."""

    step: str = choice("Step", "步骤", STEP)

    title: ClassVar[Words] = Words("Steps", "转化步骤")
    once: ClassVar[tuple[str, ...]] = ("id",)

    def facts(self, lake: Lake) -> Table:
        """The events of that kind."""
        return lake.of(self.step)
