"""The fields of each kind of row, as a batch of the catalogue is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from festoon.base.words import Words
from festoon.catalog import queries
from festoon.records.batch import Column
from festoon.records.values import mapping, one_of, text, texts, whole, zone
from festoon.records.viewer import SYSTEM, Viewer

TAKEN = Words(en="Somebody else has this code.", zh="此编号已被他人使用。")
REFERENCES = ("merchant", "category", "brand", "store", "shopper", "segment")


def named(longest: int) -> list[Column]:
    """A code and a name in both languages."""
    return [Column("code", text(longest)), Column("name_en", text(128)), Column("name_zh", text(128))]


def merchant() -> list[Column]:
    """A merchant's fields."""
    source = Column("source", text(32, empty=True), "")
    return [*named(64), Column("currency", text(3)), Column("zone", zone), source]


def store(viewer: Viewer) -> list[Column]:
    """A store's fields."""
    return [*named(64), Column("merchant", one_of(queries.codes(queries.merchants(viewer))))]


def category() -> list[Column]:
    """A category's fields."""
    return [*named(128), Column("path", text(512))]


def product(viewer: Viewer) -> list[Column]:
    """The fields of one of the goods; a merchant knows only itself and its own stores."""
    return [
        Column("sku", text(64)),
        Column("product", text(64)),
        Column("merchant", one_of(queries.codes(queries.merchants(viewer)))),
        Column("name_en", text(255)),
        Column("name_zh", text(255)),
        Column("category", one_of(queries.codes(queries.categories(SYSTEM)))),
        Column("brand", one_of(queries.codes(queries.brands(SYSTEM)), empty=True), None),
        Column("store", one_of(queries.codes(queries.stores(viewer)), empty=True), None),
        Column("tags", texts, list),
        Column("list_price", whole()),
        Column("unit_cost", whole(optional=True), None),
        Column("tag_floor", whole(), 0),
        Column("net_floor", whole(), 0),
        Column("picture", text(64, empty=True), ""),
    ]


def shopper() -> list[Column]:
    """A shopper's fields."""
    return [
        Column("code", text(64)),
        Column("name_en", text(128, empty=True), ""),
        Column("name_zh", text(128, empty=True), ""),
        Column("level", text(32, empty=True), ""),
        Column("orders_placed", whole(), 0),
        Column("portrait", mapping, dict),
        Column("source", text(32, empty=True), ""),
    ]


def membership(shoppers: Sequence[str]) -> list[Column]:
    """Who is in which segment."""
    known = queries.found(queries.shoppers(SYSTEM), "code", shoppers, "id")
    return [Column("shopper", one_of(known)), Column("segment", one_of(queries.codes(queries.segments(SYSTEM))))]


def references(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the table has it: what refers to another row is that row's number."""
    return {f"{name}_id" if name in REFERENCES else name: value for name, value in row.items()}
