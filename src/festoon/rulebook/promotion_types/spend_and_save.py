"""Spend 300, save 50."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, table
from festoon.base.words import Words
from festoon.rulebook.benefits.amount_by_tier import AGAIN, AmountByTier, Tier
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class SpendAndSave(PromotionType):
    """Spend an amount on the goods of the offer and save an amount or a percentage; more tiers, more saved.

    The highest tier reached counts. With `repeat` the last tier counts again for every further such amount
    ("every 300 less 50"), at most `times`. What is spent is counted as it entered the stage, so several such offers
    stand side by side and do not eat each other's threshold; `threshold_basis` changes that.
    """

    tiers: tuple[Tier, ...] = table(Tier, "Tiers", "阶梯")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Spend and save", "满减")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the tiers."""
        return AmountByTier(self.tiers, self.repeat, self.times).faults()

    def parts(self) -> Parts:
        """Tiers need no condition of their own."""
        return Parts(AmountByTier(self.tiers, self.repeat, self.times))
