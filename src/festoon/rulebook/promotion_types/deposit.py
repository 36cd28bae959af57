"""A deposit of 50 that counts for 100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, money
from festoon.base.words import Words
from festoon.rulebook.benefits.deposit_off import DepositOff as Given
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class Deposit(PromotionType):
    """A pre-sale: a deposit is paid ahead for each unit and counts for more at the final payment."""

    deposit: int = money("Deposit of a unit", "每件定金", least=1)
    counts: int = money("Counts for", "抵扣", least=1)
    units: int | None = count("Units in the order", "每单限购件数", least=1, default=None)

    title: ClassVar[Words] = Words("Deposit pre-sale", "定金预售")

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the benefit."""
        return Given(self.deposit, self.counts, self.units).faults()

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(Given(self.deposit, self.counts, self.units))
