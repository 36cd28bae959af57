"""Gold pays 89, silver 95."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import table
from festoon.base.words import Words
from festoon.rulebook.benefits.member_price import LevelPrice
from festoon.rulebook.benefits.member_price import MemberPrice as Given
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class MemberPrice(PromotionType):
    """Members pay a price of their own, by level. It competes with flash prices: each unit takes the lowest."""

    levels: tuple[LevelPrice, ...] = table(LevelPrice, "Levels", "等级价")

    title: ClassVar[Words] = Words("Member price", "会员价")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return self._given().faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(self._given())

    def _given(self) -> Given:
        return Given(self.levels)
