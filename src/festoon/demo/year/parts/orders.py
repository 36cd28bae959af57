"""The baskets as orders: what was bought, what each discount was and who gave it, as the till recorded it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from festoon.base.words import Words
from festoon.checkout.orders import record_orders
from festoon.demo.year import names, viewers
from festoon.demo.year.parts.part import Batches
from festoon.demo.year.source import Source, utc

LINES = """
    select number, basket, product, quantity, net, card, match, maker, units, goods from basket_line
    where number >= ? and number < ? order by number, product
"""
BASKETS = """
    select number, basket, household, store, stamp from basket where number >= ? and number < ? order by number
"""
AMOUNTS = ("net", "card", "match", "maker")


def orders(source: Source, first: int, end: int) -> Iterator[dict[str, Any]]:
    """Baskets in the order of their moments, each with its lines; pooled coupon lines are lines without goods.

    `money` holds cents: net is what the retailer receives before maker coupons; card and match are the retailer's
    discounts, maker the makers'. A line's unit price is what was asked for a unit, rounded down.
    """
    lines = groupby(source.tuples(LINES, first, end), itemgetter(0))
    for (number, basket, household, store, stamp), (same, mine) in zip(
        source.tuples(BASKETS, first, end), lines, strict=True
    ):
        assert number == same
        made, sums = [], [0, 0, 0, 0]
        for _, _, product, quantity, *amounts, units, goods in mine:
            sums = [a + b for a, b in zip(sums, amounts, strict=True)]
            made.append(_line(product, quantity, amounts, units, goods))
        yield {
            "code": names.order(basket),
            "shopper": names.shopper(household),
            "placed_at": utc(stamp),
            "channel": names.CHANNEL,
            "store": names.store(store),
            "paid": sums[0] - sums[3],
            "lines": made,
            "money": dict(zip(AMOUNTS, sums, strict=True)),
            "source": names.SOURCE,
        }


def _line(product: int, quantity: int, amounts: list[int], units: int, goods: bool) -> dict[str, Any]:
    net, _, match, _ = amounts
    line = {
        "sku": names.sku(product),
        "quantity": quantity,
        "unit_price": (net + match) // units if units else 0,
        "money": dict(zip(AMOUNTS, amounts, strict=True)),
    }
    return line if goods else {**line, "goods": False}


PART = Batches(
    "orders", Words("Baskets", "购物篮"), 3, lambda source: source.number("select count(*) from basket"), orders,
    record_orders, 2000, viewers.operator,
)  # fmt: skip
