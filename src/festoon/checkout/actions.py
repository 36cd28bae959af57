"""The verbs of the checkout, together."""

from festoon.checkout.holds import cancel, expire_due, hold
from festoon.checkout.orders import record_orders
from festoon.checkout.outside import record_outside_redemption
from festoon.checkout.prices import prices
from festoon.checkout.quotes import quote
from festoon.checkout.redemptions import redeem
from festoon.checkout.refunds import refund
from festoon.checkout.till import verify

__all__ = [
    "cancel",
    "expire_due",
    "hold",
    "prices",
    "quote",
    "record_orders",
    "record_outside_redemption",
    "redeem",
    "refund",
    "verify",
]
