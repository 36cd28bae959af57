"""A gift with the purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, text
from festoon.base.money import price_text
from festoon.base.words import Words, same
from festoon.engine.facts import SUM, UNITS
from festoon.engine.offer import Benefit
from festoon.engine.offer import Gift as Given
from festoon.engine.stages import PLATFORM
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import counted

SHORT = {
    "give": Words("give what is left", "给剩余"),
    "refuse": Words("refuse", "不给"),
    "substitute": Words("give other goods instead", "改送其他赠品"),
}


@dataclass(frozen=True, slots=True)
class Gift(Benefit):
    """Goods given beside the cart. `value` is what one is worth in the choice between offers; not stated is nothing.

    Once; or for `every` such amount spent on the goods of the offer, or `every_units` such number of them, at most
    `times`. When fewer gifts are left than that (`units` of the offer's availability), `short` says what happens: what is
    left, nothing at all, or for those that are missing as many of `instead`, which is plenty.
    """

    sku: str = text("Goods", "赠品")
    quantity: int = count("How many", "数量", least=1, most=1000, default=1)
    value: int = money("Worth each", "单件价值", default=0)
    every: int | None = money("For every amount", "每满金额", least=1, default=None)
    every_units: int | None = count("For every number of units", "每满件数", least=1, default=None)
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    short: str = choice("When fewer are left", "赠品不足时", SHORT, default="give")
    instead: str | None = text("Instead", "替代赠品", default=None)

    stage: ClassVar[int] = PLATFORM

    def faults(self) -> list[tuple[str, str, Words]]:
        """Counted by the amount or by the number."""
        if self.every is not None and self.every_units is not None:
            return [
                ("every_units", "one_of", Words("give either every or every_units", "every 与 every_units 须二选一"))
            ]
        if self.times is not None and self.every is None and self.every_units is None:
            return [("times", "every", Words("needs every or every_units", "须与 every 或 every_units 同用"))]
        if (self.short == "substitute") != (self.instead is not None):
            return [("instead", "short", Words("goes with short: substitute", "须与 short: substitute 同用"))]
        if self.instead == self.sku:
            return [("instead", "same", Words("must be other goods", "须为其他商品"))]
        return []

    def asks(self) -> int:
        """Whether it counts units."""
        return UNITS if self.every_units is not None else SUM

    def rounds(self, view: View) -> int:
        """How many times it is given."""
        if self.every is not None:
            rounds = view.spend() // self.every
        elif self.every_units is not None:
            rounds = view.quantity() // self.every_units
        else:
            return 1
        return rounds if self.times is None else min(rounds, self.times)

    def cut(self, view: View) -> list[int] | No:
        """Nothing is taken from the cart."""
        rounds = self.rounds(view)
        if not rounds and self.every is not None:
            return No("not_met", "every", self.every - view.spend(), "money", source=self)
        if not rounds and self.every_units is not None:
            return No("not_met", "every", self.every_units - view.quantity(), "count", source=self)
        if self.short == "refuse" and self.falls_short(view):
            return No("stock", "units")
        return [0] * len(view.rows)

    def gifts(self, view: View) -> tuple[Given, ...]:
        """The goods, as many as there are."""
        wanted, left = self.rounds(view) * self.quantity, view.cart.limits.get(view.k)
        given = wanted if left is None else min(wanted, left)
        told = [(self.sku, given)] if given or self.instead is None else []
        if self.instead is not None and given < wanted:
            told.append((self.instead, wanted - given))
        return tuple([Given(sku, many, self.value * many) for sku, many in told])

    def falls_short(self, view: View) -> bool:
        """Whether fewer are left than the cart earns, also where other goods make up for them."""
        left = view.cart.limits.get(view.k)
        return left is not None and left < self.rounds(view) * self.quantity

    def stands_in(self) -> bool:
        """Where it says so."""
        return self.instead is not None

    def stock_used(self, units: int, money: int) -> int:
        """As many as so many units, or so much money, would earn."""
        rounds = money // self.every if self.every is not None else units // (self.every_units or units)
        return self.quantity * (rounds if self.times is None else min(rounds, self.times))

    def own(self, sku: str) -> bool:
        """All but those that are given instead."""
        return sku == self.sku

    def worth(self) -> int:
        """Its stated value."""
        return self.value

    def most(self, view: View) -> int:
        """Its stated value, as often as it is given now."""
        return self.value * self.quantity * self.rounds(view)

    def words(self, currency: str) -> Words:
        """Get 1 × mug-red for every 100.00"""
        said = Words("get ", "送") + same(f"{self.quantity} × {self.sku}")
        if self.every is not None:
            text = price_text(self.every, currency)
            said = Words(f"{said.en} for every {text}", f"每满{text}{said.zh}")
        if self.every_units is not None:
            units = counted(self.every_units, "unit", "units")
            said = Words(f"{said.en} for every {units}", f"每满{self.every_units}件{said.zh}")
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Spend 19.00 more for the gift."""
        if no.unit == "count":
            return Words(f"add {counted(no.gap, 'unit', 'units')} for the gift", f"再加{no.gap}件即送赠品")
        text = price_text(no.gap, currency)
        return Words(f"spend {text} more for the gift", f"再买{text}即送赠品")
