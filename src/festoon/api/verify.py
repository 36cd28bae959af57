"""The till: a coupon is verified, the basket priced, held and redeemed in one call."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import Key, now, writes
from festoon.api.parts import Code, Moment, Money, Name, Payment, Place
from festoon.api.quotes import Line, check_units
from festoon.api.redemptions import Redemption
from festoon.api.refusals import SHAPE
from festoon.base.words import Words
from festoon.checkout import till
from festoon.checkout.limits import LINES
from festoon.checkout.request import QuoteRequest
from festoon.records.refusal import Invalid
from festoon.rulebook.facts import MOST_CHOSEN

REFUSES = (
    *SHAPE, "key_reused", "out_of_range", "not_one_of", "twice", "too_many_units", "not_both", "unknown",
    "unknown_product", "unknown_buyer", "foreign_currency", "coupon_unknown", "coupon_used",
    "not_served", "quote_changed", "hold_moved", "book_unreadable", "too_many_tries",
)  # fmt: skip


class VerifyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A basket at the till, for the shop's `order`. The fields are those of a quote.

    `buyer` may be left out where a coupon is chosen: it is then the coupon's shopper. `payable` is what the till showed:
    where the price is no longer that, nothing is redeemed.

    A till that knows only what the goods come to sends `sum_of_purchase` and no `lines`. A coupon for certain goods is
    then refused with the verdict's reason `by_eye` where its staff may look at them; sent again with the offer named in
    `confirmed_by_eye` it serves, and it is recorded that the bearer of the key saw them.
    """

    order: Code
    lines: Annotated[list[Line], msgspec.Meta(max_length=LINES)] = []
    sum_of_purchase: Money | None = None
    confirmed_by_eye: Annotated[list[Name], msgspec.Meta(max_length=MOST_CHOSEN)] = []
    shipping: Money = 0
    buyer: Name | None = None
    chosen: Annotated[list[Name], msgspec.Meta(max_length=MOST_CHOSEN)] | Literal["best"] = []
    payable: Money | None = None
    moment: Moment | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    scene: Place = ""
    payment: Payment = ""


@writes("/verify", scope="coupons.verify", refuses=REFUSES)
def verify_at_the_till(data: JSONBody[VerifyAsked], request: Request[Any, Any, Any], key: Key) -> Redemption:
    """Quote, hold and redeem in one call with one key: all of it or nothing. Channel and store are the API key's."""
    if not data.lines and data.sum_of_purchase is None:
        words = Words(en="Give the lines, or their sum.", zh="须给出商品行或消费总额。")
        raise Invalid("missing", words, field="lines")
    check_units(data.lines)
    done = till.verify(_asked(data), order=data.order, payable=data.payable, by=request.user, now=now(), key=key)
    return msgspec.convert(done, Redemption, from_attributes=True)


def _asked(data: VerifyAsked) -> QuoteRequest:
    return QuoteRequest(
        lines=[line.requested() for line in data.lines],
        shipping=data.shipping,
        buyer=data.buyer or "",
        chosen=data.chosen,
        moment=data.moment,
        currency=data.currency or "",
        scene=data.scene,
        payment=data.payment,
        only_sum=data.sum_of_purchase,
        seen=data.confirmed_by_eye,
    )
