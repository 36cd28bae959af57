"""Price tags for a page of goods: what one unit of each costs this shopper now. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from festoon.base.windows import moment_text
from festoon.base.words import Words
from festoon.catalog.goods import goods
from festoon.checkout import book, limits
from festoon.checkout.book import Loaded
from festoon.checkout.facts import cart as carts
from festoon.checkout.facts.availability import Left, Reach
from festoon.checkout.facts.cart import Known
from festoon.checkout.request import LineRequest, QuoteRequest, invalid
from festoon.engine.facts import Availability, Facts, Row
from festoon.engine.tags import Tag, alone, tag
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PricesRequest:
    """Which goods, for whom. `unit_prices` is the shop's own list price where it is not the catalogue's, `goods` what
    they are where the shop keeps its own catalogue (LineRequest). The rest as in a QuoteRequest.
    """

    skus: Sequence[str]
    unit_prices: Mapping[str, int] = field(default_factory=dict)
    goods: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    buyer: str = ""
    moment: datetime | None = None
    currency: str = ""
    scene: str = ""


@dataclass(frozen=True, slots=True)
class PriceTag:
    """One unit: `listed`, `now`, and `best` with the shopper's best coupons (`coupons`, their ids).

    `changes_at`: before it the clock changes nothing; None for never.
    """

    sku: str
    listed: int
    now: int
    best: int
    coupons: Sequence[str]
    label: Words
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class PricesAnswer:
    """The tags in the order they were asked for, under one version of the book at one moment."""

    book: str
    moment: str
    currency: str
    tags: Sequence[PriceTag]


def prices(request: PricesRequest, *, by: Viewer, now: datetime) -> PricesAnswer:
    """The tags of a page for the viewer's channel and store, each by the same engine as a quote of one unit.

    A merchant's key sees its own goods only, as in a quote. Raises Invalid naming `skus[i]` for goods that are not
    there, and what a quote raises for the rest.
    """
    by.require("quotes.write")
    _check(request)
    asked = _cart(request, now)
    try:
        stated = carts.asked(asked, by=by, now=now)
    except Invalid as refusal:
        refusal.field = _field(refusal.field)
        raise
    loaded = book.current(now, stated.currency)
    known = carts.known(stated, loaded, by=by)
    rows = {row.single[0]: row for row in known.facts.rows}
    tags = [_tag(rows[sku], known, loaded, request.buyer) for sku in request.skus]
    return PricesAnswer(loaded.book.version, stated.cart["moment"], stated.currency, tags)


def _check(request: PricesRequest) -> None:
    if not 1 <= len(request.skus) <= limits.TAGS:
        raise invalid("skus", "too_many", f"From 1 to {limits.TAGS} goods.", f"1 至 {limits.TAGS} 个货号。")
    for name, told in (("unit_prices", request.unit_prices), ("goods", request.goods)):
        if strangers := sorted(set(told) - set(request.skus)):
            raise invalid(f"{name}.{strangers[0]}", "unknown", "It is none of `skus`.", "不在 skus 之内。")


def _cart(request: PricesRequest, now: datetime) -> QuoteRequest:
    """One unit of everything: what is read of the database is read once."""
    listed = {**goods(now).prices, **request.unit_prices} if request.unit_prices else goods(now).prices
    for sku in request.goods:
        if sku not in listed:
            raise invalid(f"unit_prices.{sku}", "missing", "It needs a list price.", "缺少原价。")
    return QuoteRequest(
        lines=[LineRequest(sku, sku, 1, listed.get(sku, 0), request.goods.get(sku)) for sku in request.skus],
        buyer=request.buyer,
        moment=request.moment,
        currency=request.currency,
        scene=request.scene,
    )


def _field(path: str) -> str:
    """Where in this request it is what a cart's line calls `lines[3].sku`."""
    return path.partition(".")[0].replace("lines[", "skus[")


def _tag(row: Row, known: Known, loaded: Loaded, shopper: str) -> PriceTag:
    one = alone(known.facts, row, {})
    if known.facts.availability:  # plenty for the whole page is plenty for a unit
        one.availability = _left(one, known.left, loaded, shopper)
    return _told(tag(loaded.book, one))


def _left(one: Facts, left: Left, loaded: Loaded, shopper: str) -> dict[str, Availability]:
    told: Mapping[str, Mapping[str, Any]] = Reach.of(loaded, one).available(loaded, left, shopper)
    return {code: Availability(**scarce) for code, scarce in told.items()}


def _told(made: Tag) -> PriceTag:
    changes = None if made.changes is None else datetime.fromisoformat(moment_text(made.changes)).astimezone(UTC)
    return PriceTag(made.sku, made.listed, made.now, made.best, made.coupons, made.label, changes)
