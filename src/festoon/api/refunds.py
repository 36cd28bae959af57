"""Units given back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import Key, now, writes
from festoon.api.parts import MOST_OF_A_LINE, Code, Count, Id
from festoon.api.refusals import SHAPE
from festoon.checkout import refunds
from festoon.checkout.limits import LINES

REFUSES = (
    *SHAPE, "key_reused", "out_of_range",
    "not_found", "unknown_line", "unknown_unit", "already_refunded", "refund_moved", "not_judged",
)  # fmt: skip
UnitNumbers = Annotated[list[Count], msgspec.Meta(min_length=1, max_length=MOST_OF_A_LINE)]


class RefundAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Line id → how many units come back, or their numbers (from 1, as the quote counted them)."""

    redemption: Id
    units: Annotated[dict[Code, Count | UnitNumbers], msgspec.Meta(min_length=1, max_length=LINES)]


class RefundedLine(msgspec.Struct):
    """The units of one line that came back, and what is refunded for them."""

    line: str
    units: list[int]
    amount: int


class GiftBack(msgspec.Struct):
    """Gifts that what is kept no longer earns: take them back with the goods."""

    offer: str
    sku: str
    quantity: int


class CouponBack(msgspec.Struct):
    """A coupon that the shopper may use again, until `expires_at` (null: no end)."""

    coupon: str
    expires_at: str | None


class Refund(msgspec.Struct):
    """Given back to the shopper (`amount`, of it `shipping`) and to who paid the discounts (`payers`, `offers` by offer).

    Each offer's refund policy decides. `refunded` is the sum of all refunds of the redemption so far; it never exceeds
    `paid`, and after the last unit is `paid`. `owed` is what could not be withheld from this refund and those before:
    it lowers later refunds and is never charged. `balances` is what went back to the shopper's balances, by coupon. A
    line without `units` is kept and costs less now.
    """

    refund: str
    redemption: str
    amount: int
    shipping: int
    lines: list[RefundedLine]
    payers: dict[str, int]
    refunded: int
    paid: int
    at: datetime
    offers: dict[str, dict[str, int]]
    owed: int
    gifts: list[GiftBack]
    coupons: list[CouponBack]
    balances: dict[str, int]


@writes("/refunds", scope="refunds.write", refuses=REFUSES)
def refund_units(data: JSONBody[RefundAsked], request: Request[Any, Any, Any], key: Key) -> Refund:
    """Give units back by the refund policies they were sold under; discounts go back to who paid them."""
    given = refunds.refund(data.redemption, data.units, by=request.user, now=now(), key=key)
    return msgspec.convert(given, Refund, from_attributes=True)
