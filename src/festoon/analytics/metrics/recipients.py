"""How many shoppers a campaign was given to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.analytics.lake.read import Lake, Table
from festoon.analytics.metric import Metric
from festoon.base.words import Words


@dataclass(frozen=True, slots=True)
class Recipients(Metric):
    """Different shoppers to whom coupons or a quota of a pool were issued."""

    title: ClassVar[Words] = Words("Recipients", "发放人数")
    once: ClassVar[tuple[str, ...]] = ("shopper",)

    def facts(self, lake: Lake) -> Table:
        """The planned issues."""
        issues = lake.issues
        return issues.filter(issues.origin == "issue")
