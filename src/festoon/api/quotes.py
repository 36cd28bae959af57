"""Price a basket: nothing is written, and nothing promised but the price while the quote lasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import asks, now
from festoon.api.parts import Count, Moment, Money, Name, Payment, Place
from festoon.api.priced import Priced
from festoon.api.refusals import SHAPE
from festoon.base.words import Words
from festoon.checkout import quotes
from festoon.checkout.answers import QuoteAnswer
from festoon.checkout.limits import LINES
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.records.refusal import Invalid
from festoon.rulebook.facts import MOST_CHOSEN

SCOPE = "quotes.write"
MOST_UNITS = 10_000
REFUSES = (
    *SHAPE, "out_of_range", "not_one_of", "twice", "too_many_units",
    "unknown_product", "unknown_buyer", "foreign_currency", "coupon_unknown", "coupon_used", "book_unreadable",
)  # fmt: skip


class OwnGoods(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Goods as a shop's own catalogue has them; `category` from the top down, as offers name it. Floors are ours."""

    product: Name | None = None
    category: Annotated[list[Name], msgspec.Meta(max_length=20)] = []
    brand: Name | None = None
    store: Name | None = None
    tags: Annotated[list[Name], msgspec.Meta(max_length=50)] = []


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line of the basket; `id` is the shop's own, `unit_price` before every discount, as the shopper sees it.

    `goods` is for a key with the scope `facts:goods`: the attributes of its own catalogue instead of ours.
    """

    id: Name
    sku: Name
    quantity: Count
    unit_price: Money
    goods: OwnGoods | None = None

    def requested(self) -> LineRequest:
        """The line as the checkout takes it."""
        told = None if self.goods is None else msgspec.to_builtins(self.goods)
        return LineRequest(self.id, self.sku, self.quantity, self.unit_price, told)


class QuoteAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A basket. What else a price needs (category, brand, floors, segments, level) the centre knows itself.

    `buyer` is the shopper's code; `chosen` are ids or codes of coupons, or "best" for the best of the wallet; `payment`
    is how the shopper will pay, as offers name it; `moment` is taken when it is within five minutes of ours; `explain`
    full says by how much a beaten offer was worse; `words` adds the texts; `better` names the coupons of the wallet that
    would save more than the chosen ones.
    """

    lines: Annotated[list[Line], msgspec.Meta(min_length=1, max_length=LINES)]
    shipping: Money = 0
    buyer: Name | None = None
    chosen: Annotated[list[Name], msgspec.Meta(max_length=MOST_CHOSEN)] | Literal["best"] = []
    moment: Moment | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    scene: Place = ""
    explain: Literal["none", "verdicts", "full"] = "verdicts"
    words: bool = False
    payment: Payment = ""
    better: bool = False


class Quote(Priced, kw_only=True):
    """A price and why. `token` makes it binding (POST /v1/holds) until `valid_until`.

    `optimal`: it is proven that no legal set saves more; else none saves more than `bound`. `balances` is what the shopper's
    own balances pay of it, `deposits` what is paid ahead, and `better`, where it was asked for, coupons that would save more.
    """

    token: str
    valid_until: datetime


_SHOWN = [
    (each.encode_name, each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory())
    for each in msgspec.structs.fields(Priced)
]
"""What a price shows in its order, and what of it where nothing is said."""


@asks("/quotes", scope=SCOPE, refuses=REFUSES)
def quote_basket(data: JSONBody[QuoteAsked], request: Request[Any, Any, Any]) -> Quote:
    """Price a basket. Nothing is written; a verdict says of every offer in reach why it applied or why not."""
    asked, moment = requested(data)
    return shown(quotes.quote(asked, by=request.user, now=moment))


def shown(answer: QuoteAnswer) -> Quote:
    """A price in the form of the door."""
    found = {"quote": answer.quote, "book": answer.book, "moment": answer.moment, "currency": answer.currency}
    return msgspec.convert({**answer.price, **found, "token": answer.token, "valid_until": answer.valid_until}, Quote)


def check_units(lines: Sequence[Line]) -> None:
    """Raise Invalid `too_many_units` for more than a basket has."""
    if sum([line.quantity for line in lines]) > MOST_UNITS:
        words = Words(en=f"A basket has at most {MOST_UNITS} units.", zh=f"购物车最多 {MOST_UNITS} 件。")
        raise Invalid("too_many_units", words, field="lines")


def at_once(answer: QuoteAnswer) -> dict[str, Any]:
    """What `shown` shows, in its order, without a Struct made of it first: for the route that answers all the time."""
    found = {name: answer.price.get(name, default) for name, default in _SHOWN}
    found["token"], found["valid_until"] = answer.token, answer.valid_until
    return found


def requested(data: QuoteAsked) -> tuple[QuoteRequest, datetime]:
    """The basket as the checkout takes it, and the moment it came. Raises Invalid `too_many_units`."""
    lines = [line.requested() for line in data.lines]
    check_units(data.lines)
    request = QuoteRequest(
        lines=lines,
        shipping=data.shipping,
        buyer=data.buyer or "",
        chosen=data.chosen,
        moment=data.moment,
        currency=data.currency or "",
        scene=data.scene,
        explain=data.explain,
        words=data.words,
        payment=data.payment,
        better=data.better,
    )
    return request, now()
