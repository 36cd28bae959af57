"""The catalogue is taken over from the shop in batches; a single row is a batch of one.

Every verb here: one transaction, one audit row, one event, the refused rows listed. Taken again, a row takes the new
values; the same key again answers the same and does nothing; killed half-way, nothing of the batch was written.
A merchant takes only its own things; what another owns is refused like what does not exist.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.catalog import columns, queries
from festoon.catalog.models import Brand, Category, Membership, Merchant, Product, Segment, Shopper, Store
from festoon.catalog.taking import Read, Rows, number_on, platform_only, take, take_owned, take_plain
from festoon.records.batch import Batch, RefusedRow
from festoon.records.tables import upsert
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer

CURRENCY = Words(en="A merchant keeps the currency it trades in.", zh="商家的币种确定后不能更改。")


def take_merchants(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over merchants: code, name_en, name_zh, currency, zone, source. The very first is the platform.

    A merchant keeps its currency: what it sold and set aside is in it. A row with another one is refused.
    """
    platform_only(by)

    def others(found: Read) -> list[RefusedRow]:
        traded = queries.found(queries.merchants(SYSTEM), "code", [row["code"] for _, row in found], "currency")
        return [
            RefusedRow(index, "currency", "fixed", CURRENCY)
            for index, row in found
            if traded.get(row["code"], row["currency"]) != row["currency"]
        ]

    def write(found: list[dict[str, Any]]) -> None:
        if found and not queries.merchants(SYSTEM).filter(id=PLATFORM).exists():
            Merchant(id=PLATFORM, **found[0]).save(force_insert=True)
            number_on(Merchant)
        columns_taken = ["name_en", "name_zh", "zone", "source"]
        upsert([Merchant(**row) for row in found], unique=["code"], columns=columns_taken)

    return take("merchants", rows, columns.merchant(), ["code"], write, others, by=by, now=now, key=key)


def take_stores(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over stores: code, merchant (its code), name_en, name_zh."""
    by.require("catalog.edit")
    return take_owned(Store, rows, columns.store(by), by=by, now=now, key=key)


def take_categories(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over categories: code, path (codes from the root, slashes between), name_en, name_zh."""
    platform_only(by)
    return take_plain("categories", Category, rows, columns.category(), by=by, now=now, key=key)


def take_brands(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over brands: code, name_en, name_zh."""
    platform_only(by)
    return take_plain("brands", Brand, rows, columns.named(64), by=by, now=now, key=key)


def take_products(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over goods by sku: product, merchant, names, category, brand, store, tags, prices, floors, cost, picture.

    Merchant, category, brand and store by their codes; money in minor units; a cost that is not known is None.
    """
    by.require("catalog.edit")
    return take_owned(Product, rows, columns.product(by), by=by, now=now, key=key)


def take_segments(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over segments: code, name_en, name_zh."""
    platform_only(by)
    return take_plain("segments", Segment, rows, columns.named(64), by=by, now=now, key=key)


def take_shoppers(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take over shoppers: code, names, level, orders_placed, portrait, source (a label of made-up or imported ones)."""
    platform_only(by)
    return take_plain("shoppers", Shopper, rows, columns.shopper(), by=by, now=now, key=key)


def take_memberships(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Put shoppers into segments: shopper, segment (codes). Who is in already stays in."""
    platform_only(by)

    def write(found: list[dict[str, Any]]) -> None:
        upsert([Membership(**row) for row in found], unique=["shopper", "segment"], columns=["segment"])

    wanted = columns.membership([str(row.get("shopper")) for row in rows])
    found = ["shopper", "segment"]
    return take("memberships", rows, wanted, found, write, by=by, now=now, key=key)
