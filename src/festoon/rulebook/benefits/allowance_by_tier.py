"""The more is spent, the more of an allowance may be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import count, flag, table
from festoon.base.words import Words
from festoon.engine.facts import SUM
from festoon.engine.offer import Benefit, Condition
from festoon.engine.stages import PLATFORM
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.benefits.amount_by_tier import AGAIN, AmountByTier, Tier
from festoon.rulebook.benefits.balance_off import GONE, HasBalance


@dataclass(frozen=True, slots=True)
class AllowanceByTier(Benefit):
    """Spend and save over the goods of the offer, as long as the shopper's allowance lasts.

    The coupon's balance is the allowance; one of which no balance is known has none. The choice between offers does
    not count what an allowance pays.
    """

    tiers: tuple[Tier, ...] = table(Tier, "Tiers", "阶梯")
    repeat: bool = flag("Every such amount", "每满", help=AGAIN)
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    stage: ClassVar[int] = PLATFORM
    spill: ClassVar[bool] = True
    balance: ClassVar[bool] = True

    def gates(self) -> tuple[Condition, ...]:
        """Something is left of it."""
        return (HasBalance(new=False),)

    def given(self) -> AmountByTier:
        """The same without a limit."""
        return AmountByTier(self.tiers, self.repeat, self.times)

    def faults(self) -> list[tuple[str, str, Words]]:
        """Whatever is wrong with the tiers."""
        return self.given().faults()

    def asks(self) -> int:
        """The sum is enough."""
        return SUM

    def cut(self, view: View) -> list[int] | No:
        """What the tiers give, at most the allowance."""
        left = view.balance() or 0
        cuts = self.given().limited(view, left)
        return cuts if left or isinstance(cuts, No) else GONE

    def most(self, view: View) -> int:
        """What the tiers give now, at most the allowance."""
        return min(view.balance() or 0, self.given().most(view))

    def further(self, view: View) -> No | None:
        """The next tier."""
        return self.given().further(view)

    def words(self, currency: str) -> Words:
        """Every 300.00, save 50.00 from the allowance"""
        said = self.given().words(currency)
        return Words(f"{said.en}, from the allowance", f"{said.zh}（购物津贴）")
