"""A price for each level of members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money, percent, table, text
from festoon.base.money import WHOLE, percent_text, price_text, zhe_text
from festoon.base.words import Words, joined
from festoon.engine.offer import Benefit, Condition, Offer
from festoon.engine.stages import PRICE, STAGES
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.conditions.level import Level


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """What members of a level pay for a unit: a price, or a percentage less."""

    level: str = text("Level", "会员等级")
    price: int | None = money("Price of a unit", "单件价", default=None)
    basis_points: int = percent("or percent off", "或折扣比例", least=0, default=0)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Exactly one of the two is given."""
        if (self.price is not None) == bool(self.basis_points):
            return [("price", "one_of", Words("give either price or basis_points", "price 与 basis_points 须二选一"))]
        return []


@dataclass(frozen=True, slots=True)
class MemberPrice(Benefit):
    """Members pay a price of their own, by level. Prices do not compound: a unit takes the lowest that is open to it."""

    levels: tuple[LevelPrice, ...] = table(LevelPrice, "Levels", "等级价")

    stage: ClassVar[int] = PRICE
    stages: ClassVar[tuple[int, ...]] = tuple(range(len(STAGES)))
    needs: ClassVar[frozenset[str]] = frozenset({"level"})

    def faults(self) -> list[tuple[str, str, Words]]:
        """Every level once."""
        if len({row.level for row in self.levels}) < len(self.levels):
            return [("levels", "twice", Words("names a level twice", "有重复的等级"))]
        return []

    def gates(self) -> tuple[Condition, ...]:
        """The buyer is of one of the levels."""
        return (Level(tuple([row.level for row in self.levels])),)

    def price(self, view: View) -> LevelPrice | None:
        """What the buyer's level pays."""
        return next((row for row in self.levels if row.level == view.facts.buyer.level), None)

    def cut(self, view: View) -> list[int] | No:
        """Down to the level's price; a row that costs no more keeps what it has."""
        mine = self.price(view)
        if mine is None:
            return No("buyer", "level", source=self)
        if mine.price is None:
            return [view.percent(amount, mine.basis_points) for amount in view.base()]
        return [max(0, amount - mine.price * n) for amount, n in zip(view.prices(), view.quantities(), strict=True)]

    def by_line(self, offer: Offer) -> bool:
        """Every line has its own price."""
        return True

    def most(self, view: View) -> int:
        """Down to the price; a percentage of what it looks at, every row rounded up.

        What one row cannot take goes to the others, where the offer says so.
        """
        mine = self.price(view)
        if mine is None:
            return 0
        if mine.price is None:
            parts = [base * mine.basis_points // WHOLE + 1 for base in view.base()]
        else:
            parts = [max(0, base - mine.price * n) for base, n in zip(view.prices(), view.quantities(), strict=True)]
        left = view.running()
        if view.offer.spill:
            return min(sum(left), sum(parts))
        return sum([min(there, part) for there, part in zip(left, parts, strict=True)])

    def words(self, currency: str) -> Words:
        """Gold pays 19.90; silver pays 10% less"""
        return joined([self._level(row, currency) for row in self.levels], "; ", "；")

    def _level(self, row: LevelPrice, currency: str) -> Words:
        if row.price is None:
            text, zhe = percent_text(row.basis_points), zhe_text(row.basis_points)
            return Words(f"{row.level} pays {text} less", f"{row.level}会员享{zhe}")
        text = price_text(row.price, currency)
        return Words(f"{row.level} pays {text}", f"{row.level}会员价{text}")

    def refusal(self, no: No, currency: str) -> Words:
        """Is for members."""
        named = joined([Words(row.level, row.level) for row in self.levels], ", ", "、")
        return Words(f"is for members of level {named.en}", f"仅限{named.zh}会员")
