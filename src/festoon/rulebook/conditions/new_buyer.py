"""Only shoppers who have not bought before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View


@dataclass(frozen=True, slots=True)
class NewBuyer(Condition):
    """The buyer is new: marked so by the shop, or has placed no order yet. Of a buyer unknown nothing is assumed."""

    verdict: ClassVar[str] = "buyer"
    gate: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"new", "orders_placed"})

    def check(self, view: View) -> No | None:
        """No amount makes a buyer new."""
        buyer = view.facts.buyer
        new = buyer.new if buyer.new is not None else buyer.orders_placed == 0
        return None if new else No("buyer", "new_buyer", source=self)

    def words(self, currency: str) -> Words:
        """For new buyers"""
        return Words("for new buyers", "限新客")

    def refusal(self, no: No, currency: str) -> Words:
        """For new buyers."""
        return Words("is for new buyers", "仅限新客")
