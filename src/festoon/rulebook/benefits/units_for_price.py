"""So many for a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money
from festoon.base.money import price_text, share_within
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import WHICH, Unit, Units, top_above, values_now
from festoon.rulebook.words import counted


@dataclass(frozen=True, slots=True)
class UnitsForPrice(Benefit):
    """Every `units` units of the offer's goods together cost `price`: three for 99.00.

    Groups are formed in the order of `which`, the dearest units first; only complete groups count, at most `times`.
    A group that costs no more anyway keeps its prices.
    """

    units: int = count("How many", "件数", least=1, most=1000)
    price: int = money("Together cost", "总价")
    which: str = choice("Which come first", "哪些优先", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def groups(self, view: View) -> int:
        """How many complete groups there are."""
        groups = view.quantity() // self.units
        return groups if self.times is None else min(groups, self.times)

    def cut(self, view: View) -> list[int] | No:
        """What each group costs more than its price, divided over its units."""
        groups = self.groups(view)
        if not groups:
            return No("not_met", "group", self.units - view.quantity(), "count", source=self)
        units = Units(view)
        order = units.ordered(view.rows, self.which)
        for _ in range(groups):
            down_to(self.price, [next(order) for _ in range(self.units)], units)
        return units.cuts()

    def most(self, view: View) -> int:
        """How far the dearest units lie above the price."""
        wanted = self.groups(view) * self.units
        return min(sum(view.running()), top_above(values_now(view), wanted, self.price, self.units))

    def words(self, currency: str) -> Words:
        """3 for 99.00"""
        text = price_text(self.price, currency)
        said = Words(f"{self.units} for {text}", f"{text}任选{self.units}件")
        if self.times is not None:
            said += Words(f", at most {counted(self.times, 'time', 'times')}", f"，最多{self.times}次")
        return said

    def refusal(self, no: No, currency: str) -> Words:
        """Add 1 unit to have 3 for 99.00."""
        said = self.words(currency)
        return Words(f"add {counted(no.gap, 'unit', 'units')} to have {said.en}", f"再加{no.gap}件即享{said.zh}")


def down_to(price: int, group: list[Unit], units: Units) -> int:
    """Bring some units together down to a price, in proportion to what they cost; what that saves."""
    values = [units.value(unit) for unit in group]
    over = sum(values) - price
    if over <= 0:
        return 0
    parts = share_within(over, values, [units.room(unit) for unit in group])
    for unit, part in zip(group, parts, strict=True):
        units.give(unit, part)
    return sum(parts)
