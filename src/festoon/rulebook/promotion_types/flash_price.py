"""A special price for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, money
from festoon.base.words import Words
from festoon.rulebook.benefits.unit_price import UnitPrice
from festoon.rulebook.parts import Parts, PromotionType


@dataclass(frozen=True, slots=True)
class FlashPrice(PromotionType):
    """Each unit costs a special price during the offer's window, while units last; at most `units` in one order.

    Where several such prices are open to a unit, it takes the lowest; they never add up.
    """

    price: int = money("Price of a unit", "秒杀价")
    units: int | None = count("Units in the order", "每单限购件数", least=1, default=None)

    title: ClassVar[Words] = Words("Flash price", "秒杀价")
    stage: ClassVar[str | None] = "price"

    def parts(self) -> Parts:
        """A unit price."""
        return Parts(UnitPrice(self.price, self.units))
