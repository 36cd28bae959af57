"""Shipping for less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit
from festoon.engine.stages import SHIPPING
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class FreeShipping(Benefit):
    """Shipping is free, or up to an amount of it is."""

    cap: int | None = money("At most", "最高减免", least=1, default=None)

    stage: ClassVar[int] = SHIPPING
    stages: ClassVar[tuple[int, ...]] = (SHIPPING,)

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """What is left of shipping, at most the cap."""
        return [left if self.cap is None else min(left, self.cap) for left in view.running()]

    def most(self, view: View) -> int:
        """What is left of shipping, at most the cap."""
        left = sum(view.running())
        return left if self.cap is None else min(left, self.cap)

    def words(self, currency: str) -> Words:
        """Free shipping"""
        if self.cap is None:
            return Words("free shipping", "包邮")
        text = price_text(self.cap, currency)
        return Words(f"up to {text} off shipping", f"运费最高减{text}")

    def shipping_words(self, currency: str) -> Words:
        """As everywhere: it says so itself."""
        return self.words(currency)
