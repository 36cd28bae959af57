"""Every 300 less 50 over all stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, table
from festoon.base.words import Words
from festoon.rulebook.benefits.amount_by_tier import AGAIN, Tier
from festoon.rulebook.benefits.amount_by_tier import AmountByTier as Given
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class CrossStore(PromotionType):
    """Spend and save over the goods of several merchants, each of which bears its part of the reduction.

    It works in the platform stage, on what stores left; unless the offer names its payers, each line's merchant pays
    the line's part.
    """

    tiers: tuple[Tier, ...] = table(Tier, "Tiers", "阶梯")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Cross-store reduction", "跨店满减")
    stage: ClassVar[str | None] = "platform"
    payer: ClassVar[str | None] = "merchant"

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(self._given())

    def _given(self) -> Given:
        return Given(self.tiers, self.repeat, self.times)
