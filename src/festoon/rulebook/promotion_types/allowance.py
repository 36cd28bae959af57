"""A shopping allowance: every 300 less 50, as long as it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, table
from festoon.base.words import Words
from festoon.rulebook.benefits.allowance_by_tier import AllowanceByTier as Given
from festoon.rulebook.benefits.amount_by_tier import AGAIN, Tier
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class Allowance(PromotionType):
    """A cross-store spend-and-save that the balance of the shopper's allowance limits. It works in the platform stage."""

    tiers: tuple[Tier, ...] = table(Tier, "Tiers", "阶梯")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Shopping allowance", "购物津贴")
    kinds: ClassVar[tuple[str, ...]] = ("coupon",)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the tiers."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(self._given())

    def _given(self) -> Given:
        return Given(self.tiers, self.repeat, self.times)
