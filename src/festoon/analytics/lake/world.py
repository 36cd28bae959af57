"""What events name by a code and do not tell again: coupon templates and the goods they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from festoon.catalog.goods import Goods

TEMPLATES = pa.schema(
    [pa.field("offer", pa.string()), pa.field("campaign", pa.string()), pa.field("face_value", pa.int64())]
)
SCOPES = pa.schema([pa.field("offer", pa.string()), pa.field("sku", pa.string())])


class World:
    """The coupon releases, as the offers-file form has them, and the goods their scopes mean."""

    def __init__(self, releases: Iterable[Mapping[str, Any]] = (), goods: Goods | None = None) -> None:
        self.releases = [data for data in releases if data.get("kind") == "coupon"]
        self.goods = goods

    def templates(self) -> pa.Table:
        """One row a template."""
        rows = [(data["code"], data.get("campaign"), _face(data)) for data in self.releases]
        return _table(rows, TEMPLATES)

    def scopes(self) -> pa.Table:
        """One row a template and sku."""
        goods = self.goods
        if goods is None:
            return _table([], SCOPES)
        rows = [(data["code"], sku) for data in self.releases for sku in goods.within(data.get("scope") or {})]
        return _table(rows, SCOPES)


def _face(data: Mapping[str, Any]) -> int | None:
    amount: int | None = ((data.get("benefit") or {}).get("amount_off") or {}).get("amount")
    return amount


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema)
