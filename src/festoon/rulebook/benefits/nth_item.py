"""Every second item for half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, percent
from festoon.base.money import WHOLE, percent_text, zhe_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import WHICH, Units, nth_of, runs, top, values_now
from festoon.rulebook.words import counted

PER = {
    "scope": Words("over all goods of the offer", "全部活动商品合计"),
    "sku": Words("of each sku by itself", "每个货号分别计"),
}


@dataclass(frozen=True, slots=True)
class NthItem(Benefit):
    """Every nth unit at a percentage off: the second for half the price, every third free.

    Units are counted off in the order of `which`, by default the dearest first, so that the nth is the cheapest of its
    group; over all goods of the offer, or of each sku by itself. At most `times` in all.
    """

    nth: int = count("Every", "每第几件", least=1, most=1000)
    basis_points: int = percent("Percent off", "折扣比例")
    per: str = choice("Counted", "计数范围", PER, default="scope")
    which: str = choice("Which are counted first", "计数顺序", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def rounds(self, view: View) -> int:
        """How many units have the percentage."""
        rounds = sum([view.count(rows) // self.nth for rows in self._counted(view)])
        return rounds if self.times is None else min(rounds, self.times)

    def _counted(self, view: View) -> list[list[int]]:
        """The rows that are counted together."""
        if self.per == "scope":
            return [view.rows]
        rows: dict[str, list[int]] = {}
        for r in view.rows:
            rows.setdefault(view.row(r).single[0], []).append(r)
        return list(rows.values())

    def cut(self, view: View) -> list[int] | No:
        """The percentage of every nth unit."""
        rounds = self.rounds(view)
        if not rounds:
            most = max([view.count(rows) for rows in self._counted(view)], default=0)
            return No("not_met", "group", self.nth - most, "count", source=self)
        units = Units(view)
        for rows in self._counted(view):
            here = min(rounds, view.count(rows) // self.nth)
            for unit in units.first(rows, self.which, here * self.nth)[self.nth - 1 :: self.nth] if here else ():
                units.give(unit, view.percent(units.value(unit), self.basis_points))
            rounds -= here
        return units.cuts()

    def within(self, offer: Offer) -> bool:
        """No unit is given more than is left on it."""
        return True

    def most(self, view: View) -> int:
        """The percentage of the dearest units, each rounded up."""
        rounds = self.rounds(view)
        bound = top(values_now(view), rounds) * self.basis_points // WHOLE + rounds
        return min(sum(view.running()), bound)

    def most_of_these(self, view: View) -> int:
        """The nth units; with `times`, of every sku the first ones."""
        values: list[int] = []
        for rows in self._counted(view):
            values += nth_of(runs(view, rows, self.which), self.nth)
        if self.times is not None:
            values = sorted(values, reverse=True)[: self.times] if self.per == "sku" else values[: self.times]
        return sum(values) * self.basis_points // WHOLE + len(values)

    def words(self, currency: str) -> Words:
        """Unit 2 of every 2 at 50% off"""
        text, zhe = percent_text(self.basis_points), zhe_text(self.basis_points)
        said = Words(f"unit {self.nth} of every {self.nth} at {text} off", f"每第{self.nth}件{zhe}")
        if self.per == "sku":
            said += Words(" of the same sku", "（同款）")
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit for 50% off it."""
        text, zhe = percent_text(self.basis_points), zhe_text(self.basis_points)
        return Words(f"add {counted(no.gap, 'unit', 'units')} for {text} off", f"再加{no.gap}件即享{zhe}")
