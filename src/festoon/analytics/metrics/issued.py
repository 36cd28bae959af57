"""How many coupons were given without being asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.form import choice
from festoon.base.words import Words

ORIGIN = {
    "issue": Words("as planned", "按计划"),
    "extra": Words("a further one for a second use", "第二次使用时另发"),
}


@dataclass(frozen=True, slots=True)
class Issued(Metric):
    """Coupons put into wallets, quotas of a pool counted as their number; or the further ones of second uses.

    A coupon of a quota that is tied to a household when it is used was counted with the quota.
    """

    origin: str = choice("Which", "哪一种", ORIGIN, default="issue")

    title: ClassVar[Words] = Words("Issued", "发放数")
    once: ClassVar[tuple[str, ...]] = ("id",)

    def facts(self, lake: Lake) -> Table:
        """The issues of that origin."""
        issues = lake.issues
        return issues.filter(issues.origin == self.origin)

    def amount(self, facts: Table) -> Any:
        """One, or the number of a quota."""
        return facts["count"]
