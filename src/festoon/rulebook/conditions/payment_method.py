"""Only with some ways to pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.words import listed


@dataclass(frozen=True, slots=True)
class PaymentMethod(Condition):
    """The order is paid in one of these ways: a bank's card, a wallet. Until the shopper has said how, in none."""

    any: tuple[str, ...] = codes("Paid by any of", "支付方式")

    verdict: ClassVar[str] = "channel"
    gate: ClassVar[bool] = True

    def check(self, view: View) -> No | None:
        """No amount changes it."""
        return None if view.facts.payment in self.any else No("channel", "payment_method", source=self)

    def words(self, currency: str) -> Words:
        """Paid by a, b"""
        named = listed(self.any)
        return Words(f"paid by {named.en}", f"限{named.zh}")

    def refusal(self, no: No, currency: str) -> Words:
        """Is only for payment by a, b."""
        named = listed(self.any)
        return Words(f"is only for payment by {named.en}", f"仅限使用{named.zh}支付")
