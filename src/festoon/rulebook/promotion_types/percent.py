"""Ten percent off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, percent
from festoon.base.words import Words
from festoon.rulebook.benefits.percent_off import PercentOff
from festoon.rulebook.benefits.percent_off_units import PercentOffUnits
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class Percent(PromotionType):
    """A percentage off the goods of the offer, at most `cap` in all. As a coupon: a discount coupon.

    Of all units; or of at most `units` in the order and `units_per_line` of a line, in complete groups of `groups_of`,
    those of `which` first.
    """

    basis_points: int = percent("Percent off", "折扣比例")
    cap: int | None = money("At most", "最高优惠", least=1, default=None)

    units: int | None = count("Units in the order, at most", "每单最多件数", least=1, default=None)
    units_per_line: int | None = count("Units of one item, at most", "每个货号最多件数", least=1, default=None)
    groups_of: int = count("Complete groups of", "每组件数", least=1, default=1)
    which: str = choice("Which come first", "哪些优先", WHICH, default="cheapest")

    title: ClassVar[Words] = Words("Percent off", "折扣")

    def parts(self) -> Parts:
        """A percentage off, of all units or of some."""
        if self.units is None and self.units_per_line is None and self.groups_of == 1:
            return Parts(PercentOff(self.basis_points, self.cap))
        return Parts(self._some())

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the limits."""
        return self._some().faults()

    def _some(self) -> PercentOffUnits:
        return PercentOffUnits(self.basis_points, self.cap, self.units, self.units_per_line, self.groups_of, self.which)
