"""Three for 99."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money
from festoon.base.words import Words
from festoon.rulebook.benefits.units_for_price import UnitsForPrice as Given
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class NForPrice(PromotionType):
    """Any N units of the offer's goods together cost a price, as often as the cart holds them, at most `times`.

    The dearest units are taken first unless `which` says otherwise; a group that costs no more anyway keeps its prices.
    """

    units: int = count("How many", "件数", least=1, most=1000)
    price: int = money("Together cost", "总价")
    which: str = choice("Which come first", "哪些优先", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("N for a price", "N件一口价")

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(Given(self.units, self.price, self.which, self.times))
