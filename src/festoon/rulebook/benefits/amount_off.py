"""An amount off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.money import WHOLE, price_text
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class AmountOff(Benefit):
    """An amount off the goods of the offer together, divided over them in proportion to what is left on each."""

    amount: int = money("Amount off", "优惠金额", least=1)

    stage: ClassVar[int] = STORE
    spill: ClassVar[bool] = True

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """The amount, or all that is left."""
        return view.spread(self.amount)

    def within(self, offer: Offer) -> bool:
        """In proportion to what is left."""
        return offer.weights == "value"

    def simply(self, offer: Offer) -> tuple[int, int] | None:
        """The amount."""
        return 0, self.amount

    def sure(self, view: View) -> bool:
        """Where anything is left."""
        return view.offer.weights == "value" and view.comes_to(WHOLE)

    def most(self, view: View) -> int:
        """The amount."""
        return min(self.amount, sum(view.running()))

    def words(self, currency: str) -> Words:
        """Save 50.00"""
        text = price_text(self.amount, currency)
        return Words(f"save {text}", f"减{text}")

    def shipping_words(self, currency: str) -> Words:
        """Save 5.00 on shipping"""
        text = price_text(self.amount, currency)
        return Words(f"save {text} on shipping", f"运费减{text}")


def spread(view: View, amount: int) -> list[int]:
    """An amount over the rows of the view, weighted as the offer says; never more than is left."""
    return view.spread(amount)
