"""Any two at 20 % off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.words import Words
from festoon.rulebook.benefits.percent_off_units import PercentOffUnits as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class NAtPercent(PromotionType):
    """Every N units of the offer's goods have a percentage off, at most `times` such groups; only complete groups count.

    The cheapest units are taken first unless `which` says otherwise. All groups together have at most `cap` off.
    """

    units: int = count("How many", "件数", least=1, most=1000)
    basis_points: int = percent("Percent off", "折扣比例")
    which: str = choice("Which come first", "哪些优先", WHICH, default="cheapest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)
    cap: int | None = money("At most off together", "合计最高优惠", least=1, default=None)

    title: ClassVar[Words] = Words("N pieces at a percent", "N件折扣")

    def parts(self) -> Parts:
        """A percentage off complete groups."""
        most = None if self.times is None else self.units * self.times
        return Parts(Given(self.basis_points, self.cap, most, None, self.units, self.which))
