"""Price tags for a page of goods."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import asks, now
from festoon.api.parts import Moment, Money, Name, Place, Said
from festoon.api.quotes import OwnGoods
from festoon.api.refusals import SHAPE
from festoon.checkout import prices
from festoon.checkout.limits import TAGS

REFUSES = (
    *SHAPE, "out_of_range", "twice", "unknown", "unknown_product", "unknown_buyer", "foreign_currency", "book_unreadable",
)  # fmt: skip


class PricesAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Goods of the catalogue, and for whom: `buyer` is the shopper's code, left out for somebody nobody knows.

    List prices are the catalogue's; `unit_prices` names the shop's own where they are others (sku → minor units).
    `goods` is for a key with the scope `facts:goods`: what they are in the shop's own catalogue (sku → attributes).
    """

    skus: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=TAGS)]
    unit_prices: dict[Name, Money] = {}
    goods: dict[Name, OwnGoods] = {}
    buyer: Name | None = None
    moment: Moment | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    scene: Place = ""


class Tag(msgspec.Struct):
    """One unit of the goods: `list` price, price `now`, and the `best` with the shopper's own `coupons` (ids).

    `label` names what makes the price, or the promotion that one more unit may reach. `changes_at` is when the tag
    next becomes another one by the clock, null for never; stock, budgets and edits may change it before.
    """

    sku: str
    listed: int = msgspec.field(name="list")
    now: int
    best: int
    coupons: list[str]
    label: Said
    changes_at: datetime | None


class Prices(msgspec.Struct):
    """The tags in the order of `skus`, under one version of the book at one moment. Amounts in minor units."""

    book: str
    moment: str
    currency: str
    tags: list[Tag]


@asks("/prices", scope="quotes.write", refuses=REFUSES)
def price_tags(data: JSONBody[PricesAsked], request: Request[Any, Any, Any]) -> Prices:
    """Price tags for up to 200 goods. Each is the quote of one unit by the same engine; nothing is written."""
    asked = prices.PricesRequest(
        skus=data.skus,
        unit_prices=data.unit_prices,
        goods=msgspec.to_builtins(data.goods),
        buyer=data.buyer or "",
        moment=data.moment,
        currency=data.currency or "",
        scene=data.scene,
    )
    found = prices.prices(asked, by=request.user, now=now())
    return Prices(found.book, found.moment, found.currency, [_tag(tag) for tag in found.tags])


def _tag(tag: prices.PriceTag) -> Tag:
    said = Said(tag.label.en, tag.label.zh)
    return Tag(tag.sku, tag.listed, tag.now, tag.best, list(tag.coupons), said, tag.changes_at)
