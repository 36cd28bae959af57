"""A percentage off some of the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.money import WHOLE, percent_text, price_text, zhe_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import WHICH, Units, first_of, runs, top, values_now
from festoon.rulebook.words import counted


@dataclass(frozen=True, slots=True)
class PercentOffUnits(Benefit):
    """A percentage off single units of the offer's goods: at most so many in the order, at most so many of a line.

    `which` of them come first. With `groups_of` only complete groups of that many units count: of seven units in
    groups of three, six. Each unit is rounded by itself; `cap` is for all together. Alike lines are one line.
    """

    basis_points: int = percent("Percent off", "折扣比例")
    cap: int | None = money("At most", "最高优惠", least=1, default=None)
    units: int | None = count("Units in the order, at most", "每单最多件数", least=1, default=None)
    units_per_line: int | None = count("Units of one item, at most", "每个货号最多件数", least=1, default=None)
    groups_of: int = count("Complete groups of", "每组件数", least=1, default=1)
    which: str = choice("Which come first", "哪些优先", WHICH, default="cheapest")

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def faults(self) -> list[tuple[str, str, Words]]:
        """A group fits into the units of an order."""
        if self.units is not None and self.units < self.groups_of:
            return [("units", "range", Words("holds no complete group", "不足一组"))]
        return []

    def found(self, view: View) -> int:
        """How many units may have it."""
        found = sum([quantity for _, quantity in values_now(view, self.units_per_line)])
        return found if self.units is None else min(found, self.units)

    def wanted(self, view: View) -> int:
        """How many units have it: those in complete groups."""
        found = self.found(view)
        return found - found % self.groups_of

    def cut(self, view: View) -> list[int] | No:
        """The percentage of each unit."""
        wanted = self.wanted(view)
        if not wanted:
            return No("not_met", "group", self.groups_of - self.found(view), "count", source=self)
        units = Units(view)
        used: dict[int, int] = {}
        for unit in units.ordered(view.rows, self.which):
            if not wanted:
                break
            r = unit[0]
            if self.units_per_line is None or used.get(r, 0) < self.units_per_line:
                used[r] = used.get(r, 0) + 1
                units.give(unit, view.percent(units.value(unit), self.basis_points))
                wanted -= 1
        return units.cuts(self.cap)

    def most(self, view: View) -> int:
        """The percentage of the dearest units, each rounded up."""
        wanted = self.wanted(view)
        bound = top(values_now(view, self.units_per_line), wanted) * self.basis_points // WHOLE + wanted
        bound = min(sum(view.running()), bound)
        return bound if self.cap is None else min(bound, self.cap)

    def most_of_these(self, view: View) -> int:
        """The units that come first; where lines are limited, the dearest."""
        if self.units_per_line is not None:
            return self.most(view)
        wanted = self.wanted(view)
        bound = first_of(runs(view, view.rows, self.which, wanted), wanted) * self.basis_points // WHOLE + wanted
        return bound if self.cap is None else min(bound, self.cap)

    def words(self, currency: str) -> Words:
        """10% off 3 units, at most 20.00"""
        text, zhe = percent_text(self.basis_points), zhe_text(self.basis_points)
        said = Words(f"{text} off", f"{zhe}")
        if self.groups_of > 1:
            said += Words(f" every {self.groups_of} units", f"，每{self.groups_of}件一组")
        if self.units is not None:
            said += Words(f", on at most {counted(self.units, 'unit', 'units')}", f"，每单限{self.units}件")
        if self.units_per_line is not None:
            n = counted(self.units_per_line, "unit", "units")
            said += Words(f", on at most {n} of one item", f"，每个货号限{self.units_per_line}件")
        if self.cap is not None:
            cap = price_text(self.cap, currency)
            said += Words(f", at most {cap}", f"，最高{cap}")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit for 10% off."""
        text, zhe = percent_text(self.basis_points), zhe_text(self.basis_points)
        return Words(f"add {counted(no.gap, 'unit', 'units')} for {text} off", f"再加{no.gap}件享{zhe}")
