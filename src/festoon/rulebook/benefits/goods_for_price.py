"""All of it for a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import ITEM, PAYMENT, PLATFORM, STORE
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class GoodsForPrice(Benefit):
    """All goods of the offer together cost a price, however many they are: whatever is in the box, 99.00.

    What they come to above it is taken off, divided over them in proportion to what is left on each. Goods that come
    to no more keep what they cost. So many for a price is `units_for_price`; each for a price is `unit_price`.
    """

    price: int = money("Together cost", "总价")

    stage: ClassVar[int] = STORE
    stages: ClassVar[tuple[int, ...]] = (ITEM, STORE, PLATFORM, PAYMENT)
    spill: ClassVar[bool] = True

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """What the goods come to above the price."""
        return view.spread(self._over(view))

    def _over(self, view: View) -> int:
        return max(0, sum(view.prices()) - self.price)

    def within(self, offer: Offer) -> bool:
        """In proportion to what is left."""
        return offer.weights == "value"

    def sure(self, view: View) -> bool:
        """Where more is left than the price."""
        return view.offer.weights == "value" and sum(view.running()) > self.price

    def most(self, view: View) -> int:
        """What the goods come to above the price now."""
        return min(self._over(view), sum(view.running()))

    def words(self, currency: str) -> Words:
        """All together for 99.00"""
        text = price_text(self.price, currency)
        return Words(f"all together for {text}", f"全部合计{text}")
