"""Only with some ways to pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import codes
from festoon.base.words import Words
from festoon.rulebook.places import OneOf


@dataclass(frozen=True, slots=True)
class PaymentMethod(OneOf):
    """The order is paid in one of these ways: a bank's card, a wallet. Until the shopper has said how, in none."""

    any: tuple[str, ...] = codes("Paid by any of", "支付方式")

    looks_at: ClassVar[str] = "payment"
    reason: ClassVar[str] = "payment_method"
    said: ClassVar[Words] = Words("paid by {}", "限{}")
    refused: ClassVar[Words] = Words("is only for payment by {}", "仅限使用{}支付")
