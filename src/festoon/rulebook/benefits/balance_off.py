"""A balance that pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import flag, money
from festoon.base.money import price_text
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit, Condition
from festoon.engine.stages import PAYMENT
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.benefits.amount_off import spread

GONE = No("stock", "balance")


class HasBalance(Condition):
    """Something is left on the coupon; one of which no balance is known is `new`, or empty."""

    __slots__ = ("new",)
    gate: ClassVar[bool] = True

    def __init__(self, new: bool) -> None:
        self.new = new

    def check(self, view: View) -> No | None:
        """No amount fills a balance."""
        held = view.cart.held.get(view.offer.code)
        if held is None or held.balance or (held.balance is None and self.new):
            return None
        return GONE


@dataclass(frozen=True, slots=True)
class BalanceOff(Benefit):
    """A balance of the shopper pays as much as it can of the offer's goods, and of shipping where it says so.

    The coupon's balance says what is left of it; one that was never used has the whole amount. The choice between
    offers does not count what a balance pays, and in every stage balances come last, the soonest to expire first.
    """

    amount: int = money("Amount when new", "面额", least=1)
    shipping: bool = flag("Pays shipping too", "可抵运费")

    stage: ClassVar[int] = PAYMENT
    stages: ClassVar[tuple[int, ...]] = (PAYMENT,)
    spill: ClassVar[bool] = True
    balance: ClassVar[bool] = True

    def gates(self) -> tuple[Condition, ...]:
        """Something is left, or it is new."""
        return (HasBalance(new=True),)

    def pays_shipping(self) -> bool:
        """Where it says so."""
        return self.shipping

    def whole(self) -> int:
        """The amount."""
        return self.amount

    def left(self, view: View) -> int:
        """What is left of the balance."""
        known = view.balance()
        return self.amount if known is None else known

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """What is left of the balance, or all that is to pay."""
        left = self.left(view)
        return spread(view, left) if left else GONE

    def most(self, view: View) -> int:
        """What is left of the balance."""
        return min(self.left(view), sum(view.running()))

    def words(self, currency: str) -> Words:
        """A balance of 20.00"""
        text = price_text(self.amount, currency)
        return Words(f"a balance of {text}", f"余额{text}可分次使用")
