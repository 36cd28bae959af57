"""What each verb of the checkout answers. Amounts in minor units of the cart's currency, moments in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class QuoteAnswer:
    """A price and why. `price` is the engine's documented JSON; `token` makes it binding until `valid_until`."""

    quote: str
    book: str
    moment: str
    currency: str
    payable: int
    price: Mapping[str, Any]
    token: str
    valid_until: datetime

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "valid_until": self.valid_until.isoformat()}


@dataclass(frozen=True, slots=True)
class HoldAnswer:
    """A quote made binding until `expires_at`."""

    hold: str
    quote: str
    book: str
    currency: str
    payable: int
    coupons: Sequence[str]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """A hold that is no longer open: `state` is cancelled or expired."""

    hold: str
    state: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class RedeemAnswer:
    """A hold, posted. `late`: after its end, the same amounts were taken again."""

    redemption: str
    hold: str
    order: str
    paid: int
    currency: str
    late: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """The units of one line that came back, and what is refunded for them."""

    line: str
    units: Sequence[int]
    amount: int


@dataclass(frozen=True, slots=True)
class GiftBack:
    """Gifts that what is kept no longer earns: to be taken back with the goods."""

    offer: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CouponBack:
    """A coupon that is in its shopper's wallet again, until `expires_at` (None: no end)."""

    coupon: str
    expires_at: str | None


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What is given back: to the shopper (`amount`, of it `shipping`) and to who paid the discounts (`payers`, and by
    offer `offers`). `owed` is what was withheld too little so far: never charged, it lowers later refunds. `balances` is
    what went back to the shopper's balances, by coupon.
    """

    refund: str
    redemption: str
    amount: int
    shipping: int
    lines: Sequence[RefundedLine]
    payers: Mapping[str, int]
    refunded: int
    paid: int
    at: datetime
    offers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    owed: int = 0
    gifts: Sequence[GiftBack] = ()
    coupons: Sequence[CouponBack] = ()
    balances: Mapping[str, int] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """As JSON: what the refund's row keeps."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> RefundAnswer:
        """Back from `to_data`."""
        made = {
            "lines": [RefundedLine(**line) for line in data["lines"]],
            "gifts": [GiftBack(**gift) for gift in data.get("gifts", ())],
            "coupons": [CouponBack(**coupon) for coupon in data.get("coupons", ())],
            "at": datetime.fromisoformat(data["at"]),
        }
        return cls(**{**data, **made})


@dataclass(frozen=True, slots=True)
class OutsideRedeemed:
    """A coupon marked as used where our rules did not price it."""

    coupon: str
    order: str
    reason: str
    at: datetime
