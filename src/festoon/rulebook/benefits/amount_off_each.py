"""An amount off each unit or each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import WHICH, Units

PER = {"unit": Words("unit", "件"), "line": Words("line", "行")}


@dataclass(frozen=True, slots=True)
class AmountOffEach(Benefit):
    """An amount off each unit, or off each line, of the offer's goods; alike lines are one line.

    With `additional` the first unit (or line) takes `amount` and every further one `additional`. `units` limits how many
    units (or lines) of the order have it, those of `which` first.
    """

    amount: int = money("Amount off", "优惠金额", least=1)
    additional: int | None = money("Off each further one", "其后每件优惠", default=None)
    per: str = choice("Each", "每", PER, default="unit")
    units: int | None = count("At most in the order", "每单最多", least=1, default=None)
    which: str = choice("Which come first", "哪些优先", WHICH, default="cheapest")

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def off(self, number: int) -> int:
        """What number 0, 1, … takes."""
        return self.amount if not number or self.additional is None else self.additional

    def cut(self, view: View) -> list[int] | No:
        """The amount of each."""
        units = Units(view)
        if self.per == "line":
            return self._by_line(view, units)
        for number, unit in enumerate(units.ordered(view.rows, self.which)):
            if self.units is not None and number >= self.units:
                break
            units.give(unit, self.off(number))
        return units.cuts()

    def _by_line(self, view: View, units: Units) -> list[int]:
        cuts: dict[int, int] = {}
        for r, _ in units.ordered(view.rows, self.which):
            if r not in cuts:
                number = len(cuts)
                mine = self.units is None or number < self.units
                cuts[r] = min(view.amounts.left[r], self.off(number)) if mine else 0
        return [cuts[r] for r in view.rows]

    def by_line(self, offer: Offer) -> bool:
        """Unless units are counted over the order: limited, or the first at another amount."""
        return self.units is None and self.additional is None

    def most(self, view: View) -> int:
        """The amount of each that there is now."""
        found = len(view.rows) if self.per == "line" else view.quantity()
        found = found if self.units is None else min(found, self.units)
        return min(sum(view.running()), sum([self.off(0), (found - 1) * self.off(1)]) if found else 0)

    def words(self, currency: str) -> Words:
        """5.00 off the first unit, 2.00 off each further one"""
        text, per = price_text(self.amount, currency), PER[self.per]
        if self.additional is None:
            said = Words(f"{text} off each {per.en}", f"每{per.zh}减{text}")
        else:
            more = price_text(self.additional, currency)
            said = Words(
                f"{text} off the first {per.en}, {more} off each further one",
                f"首{per.zh}减{text}，其后每{per.zh}减{more}",
            )
        if self.units is not None:
            said += Words(f", on at most {self.units}", f"，最多{self.units}{per.zh}")
        return said
