"""Five off the first, two off each further one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money
from festoon.base.words import Words
from festoon.rulebook.benefits.amount_off_each import PER
from festoon.rulebook.benefits.amount_off_each import AmountOffEach as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class AmountEach(PromotionType):
    """An amount off each unit, or off each line, of the offer's goods; with `additional` the first takes `off` and every
    further one `additional`. At most `units` in the order.
    """

    off: int = money("Amount off", "优惠金额", least=1)
    additional: int | None = money("Off each further one", "其后每件优惠", default=None)
    per: str = choice("Each", "每", PER, default="unit")
    units: int | None = count("At most in the order", "每单最多", least=1, default=None)
    which: str = choice("Which come first", "哪些优先", WHICH, default="cheapest")

    title: ClassVar[Words] = Words("Amount off each", "每件立减")

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(Given(self.off, self.additional, self.per, self.units, self.which))
