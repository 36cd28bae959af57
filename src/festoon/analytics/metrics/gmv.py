"""How much was sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

OF = {
    "shelf": Words("before every discount", "一切优惠之前"),
    "net": Words("what the retailer receives, before maker coupons", "零售商收到的金额，未扣厂商券"),
    "paid": Words("what the shopper pays", "顾客支付的金额"),
}
OVER = {
    "all": Words("every order", "全部订单"),
    "broad": Words("every order of a redeeming shopper's day", "核销当日的全部订单"),
    "strict": Words("those of them that hold the coupon's goods", "其中含适用商品的订单"),
}


@dataclass(frozen=True, slots=True)
class Gmv(Metric):
    """Sales in minor units. Shelf: before every discount; net: what the retailer receives; paid: net less maker coupons.

    Over every recorded order, or over those that belong to redemptions: broad or strict, as `baskets` says.
    """

    of: str = choice("Counted as", "口径", OF, default="net")
    over: str = choice("Over", "范围", OVER, default="all")

    title: ClassVar[Words] = Words("GMV", "成交额")
    unit: ClassVar[str] = "money"
    once: ClassVar[tuple[str, ...]] = ("merchant", "order")

    def facts(self, lake: Lake) -> Table:
        """The orders."""
        return {"all": lambda: lake.orders, "broad": lambda: lake.broad, "strict": lambda: lake.strict}[self.over]()

    def amount(self, facts: Table) -> Any:
        """The order's amount of that name."""
        return {
            "shelf": facts.net + facts.card + facts.match,
            "net": facts.net,
            "paid": facts.net - facts.maker,
        }[self.of]
