"""A price of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.money import amount_text
from festoon.base.words import Words
from festoon.engine.offer import Benefit, Offer
from festoon.engine.stages import PRICE, STAGES
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class UnitPrice(Benefit):
    """Each unit costs this much: a flash price, a member's price.

    Prices do not compound: of several that are open to it, a unit takes the lowest.
    """

    price: int = money("Price of a unit", "单件价")

    stage: ClassVar[int] = PRICE
    stages: ClassVar[tuple[int, ...]] = tuple(range(len(STAGES)))

    def cut(self, view: View) -> list[int] | No:
        """Down to the price; a row that costs no more keeps what it has."""
        pairs = zip(view.base(), view.quantities(), strict=True)
        return [max(0, amount - self.price * quantity) for amount, quantity in pairs]

    def by_line(self, offer: Offer) -> bool:
        """Every line has its own price."""
        return True

    def most(self, view: View) -> int:
        """Down to the price, from what it is counted from; never more than is left."""
        pairs = zip(view.base(), view.quantities(), strict=True)
        return min(sum(view.running()), sum([max(0, amount - self.price * quantity) for amount, quantity in pairs]))

    def words(self, currency: str) -> Words:
        """19.90 each"""
        text = amount_text(self.price, currency)
        return Words(f"{text} each", f"单件{text}")
