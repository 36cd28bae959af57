"""Orders as the shop recorded them: facts to count later, taken in batches; nothing is priced, nothing is posted."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from festoon.catalog import queries as catalog
from festoon.catalog.goods import goods
from festoon.checkout import queries
from festoon.checkout.facts.merchants import merchant
from festoon.checkout.models import Order
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.batch import Batch, Column, RefusedRow, Wrong, read_rows
from festoon.records.canonical import digest
from festoon.records.events import publish
from festoon.records.parts import in_parts
from festoon.records.tables import insert, wait_for
from festoon.records.values import Reader, mapping, one_of, text
from festoon.records.viewer import SYSTEM, Viewer

VERB, RECORDING = "orders.record", 0x6F72_6465_7200_0000
"""Batches of one merchant follow one another: the second finds the orders that the first recorded."""
Rows = Sequence[Mapping[str, Any]]
Read = list[tuple[int, dict[str, Any]]]


def record_orders(rows: Rows, *, by: Viewer, now: datetime, key: str) -> Batch:
    """Record orders of the viewer's merchant: one transaction, one audit row, one outbox row, refusals by row.

    A row: `code` (unique for the merchant), `shopper` (code or ""), `placed_at`, `channel`, `store`, `paid` (minor
    units; below 0 where a till gave back), `lines` (each with `sku`, `quantity`, `unit_price` and whatever else the
    shop knows of it; `goods: false` marks one that is no product), `money` (sums for the event), `source`.
    """
    by.require("orders.write")
    body = digest(rows)
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=VERB, body=body):
            return Batch.of(before.answer)
        wait_for(RECORDING + by.merchant_id)
        refused: list[RefusedRow] = []
        read = list(read_rows(rows, _columns(rows, now), ["code"], refused))
        read = _new(read, by, refused)
        _write(read, by)
        batch = Batch(len(read), sorted(refused, key=lambda row: row.index))
        codes = [row["code"] for _, row in read]
        record(by=by, at=now, verb=VERB, kind="orders", subject=f"{len(codes)} orders", after=digest(codes), key=key,
               rows={"taken": batch.taken, "refused": len(refused)})  # fmt: skip
        keys.remember(by=by, key=key, verb=VERB, body=body, answer=batch.to_data(), now=now)
        shoppers = {index: str(rows[index].get("shopper", "")) for index, _ in read}
        events = [_event(row, shoppers[index], by) for index, row in read]
        publish(at=now, kind="order.recorded", merchant_id=by.merchant_id, events=events)
    return batch


def lines_of(order: Order) -> list[dict[str, Any]]:
    """The lines of a recorded order, as they were given."""
    found: list[dict[str, Any]] = msgspec.json.decode(zlib.decompress(bytes(order.lines)))
    return found


def _columns(rows: Rows, now: datetime) -> list[Column]:
    codes = sorted({str(row.get("shopper")) for row in rows if row.get("shopper")})
    shoppers = catalog.found(catalog.shoppers(SYSTEM), "code", codes, "id")
    return [
        Column("code", text(96)),
        Column("shopper", one_of(shoppers, empty=True), None),
        Column("placed_at", _moment),
        Column("channel", text(32, empty=True), ""),
        Column("store", text(64, empty=True), ""),
        Column("paid", _amount),
        Column("lines", _lines(goods(now, exact=True).lines)),
        Column("money", mapping, dict),
        Column("source", text(32, empty=True), ""),
    ]


def _moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong("not_a_moment", "Write a moment with its offset.", "这里要填带时区的时刻。")
    return value


def _amount(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise Wrong("not_whole", "Write a whole number of minor units.", "这里要填整数（最小货币单位）。")
    return value


def _lines(known: Container[str]) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or not value or not all(isinstance(line, Mapping) for line in value):
            raise Wrong("no_lines", "An order has at least one line.", "订单至少要有一行。")
        for place, line in enumerate(value):
            sku, quantity, price = line.get("sku"), line.get("quantity"), line.get("unit_price")
            if sku not in known and line.get("goods") is not False:
                raise Wrong("unknown_product", f"Line {place}: there is no {sku!r}.", f"第 {place} 行：没有“{sku}”。")
            if type(quantity) is not int or type(price) is not int or quantity < 0 or price < 0:
                raise Wrong(
                    "out_of_range", f"Line {place}: quantity and price from 0.", f"第 {place} 行：数量和单价不小于 0。"
                )
        return value

    return read


def _new(read: Read, by: Viewer, refused: list[RefusedRow]) -> Read:
    """The rows whose code was not recorded before; the others are refused."""
    there = catalog.found(
        queries.orders(by).filter(merchant_id=by.merchant_id), "code", [row["code"] for _, row in read], "id"
    )
    wrong = Wrong("recorded_before", "This order was recorded before.", "该订单已记录。")
    refused += [RefusedRow(index, "code", wrong.code, wrong.words) for index, row in read if row["code"] in there]
    return [(index, row) for index, row in read if row["code"] not in there]


def _write(read: Read, by: Viewer) -> None:
    insert(
        [
            Order(
                merchant_id=by.merchant_id,
                shopper_id=row["shopper"],
                lines=zlib.compress(msgspec.json.encode(row["lines"]), 1),
                **{name: row[name] for name in ("code", "placed_at", "channel", "store", "paid", "source")},
            )
            for _, row in read
        ]
    )
    placed = Counter(row["shopper"] for _, row in read if row["shopper"] is not None)
    _hold(placed)
    for count in sorted(set(placed.values())):
        those = [shopper for shopper, many in placed.items() if many == count]
        for part in in_parts(those):
            catalog.shoppers(SYSTEM).filter(id__in=part).update(orders_placed=F("orders_placed") + count)


def _hold(shoppers: Iterable[int]) -> None:
    """Lock shoppers until the end of the transaction, in the order in which orders of a group take them."""
    for part in in_parts(sorted(shoppers, key=str)):
        rows = catalog.shoppers(SYSTEM).filter(id__in=part).order_by(Cast("id", TextField()))
        list(rows.select_for_update().values_list("id"))


def _event(row: Mapping[str, Any], shopper: str, by: Viewer) -> dict[str, Any]:
    code, at = merchant(by.merchant_id).code, row["placed_at"].astimezone(UTC)
    return {
        "id": f"order:{code}:{row['code']}", "kind": "order.recorded", "at": at.isoformat(),
        "merchant": code, "campaign": "", "offer": "", "shopper": shopper, "order": row["code"],
        "channel": row["channel"], "store": row["store"], "paid": row["paid"], "money": row["money"],
        "lines": row["lines"], "source": row["source"],
    }  # fmt: skip
