"""A deposit that counts for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.picking import Units


@dataclass(frozen=True, slots=True)
class DepositOff(Benefit):
    """A pre-sale: each unit takes a deposit ahead, which counts for more at the final payment.

    What it counts for above what was paid is the discount; the quote says how much of what is to pay the deposit is.
    At most `units` units of an order, those that are listed first.
    """

    deposit: int = money("Deposit of a unit", "每件定金", least=1)
    counts: int = money("Counts for", "抵扣", least=1)
    units: int | None = count("Units in the order", "每单限购件数", least=1, default=None)

    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)

    def faults(self) -> list[tuple[str, str, Words]]:
        """It counts for more than was paid."""
        if self.counts > self.deposit:
            return []
        return [("counts", "range", Words("must be more than the deposit", "须大于定金"))]

    def having(self, view: View) -> int:
        """How many units have it."""
        return view.quantity() if self.units is None else min(view.quantity(), self.units)

    def cut(self, view: View) -> list[int] | No:
        """What the deposit of each unit counts for above what was paid."""
        units, wanted = Units(view), self.having(view)
        for number, unit in enumerate(units.ordered(view.rows, "listed")):
            if number < wanted:
                units.give(unit, self.counts - self.deposit)
        return units.cuts()

    def most(self, view: View) -> int:
        """The same for every unit there is now."""
        return min(sum(view.running()), self.having(view) * (self.counts - self.deposit))

    def paid(self, view: View) -> int:
        """The deposits of the order."""
        return self.having(view) * self.deposit

    def words(self, currency: str) -> Words:
        """A deposit of 50.00 counts for 100.00"""
        deposit, counts = price_text(self.deposit, currency), price_text(self.counts, currency)
        return Words(f"a deposit of {deposit} counts for {counts}", f"定金{deposit}抵{counts}")
