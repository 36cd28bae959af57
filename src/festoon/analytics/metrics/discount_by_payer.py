"""What discounts cost, by who pays them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

PART = {
    "maker": Words("maker coupons", "厂商券"),
    "match": Words("the retailer's top-up of coupons", "零售商券面加补"),
    "card": Words("the retailer's card discount", "零售商会员卡优惠"),
}
OVER = {"all": Words("every order", "全部订单"), "broad": Words("redemption baskets, broad", "核销购物篮，宽口径")}


@dataclass(frozen=True, slots=True)
class DiscountByPayer(Metric):
    """Discounts the till recorded, in minor units, by what they were and so by who pays them."""

    part: str = choice("Which", "哪一项", PART)
    over: str = choice("Over", "范围", OVER, default="all")

    title: ClassVar[Words] = Words("Discount by payer", "按承担方的优惠")
    unit: ClassVar[str] = "money"
    once: ClassVar[tuple[str, ...]] = ("merchant", "order")

    def facts(self, lake: Lake) -> Table:
        """The orders."""
        return lake.orders if self.over == "all" else lake.broad

    def amount(self, facts: Table) -> Any:
        """The order's amount of that name."""
        return facts[self.part]
