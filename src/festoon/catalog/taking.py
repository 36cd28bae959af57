"""How a batch of the catalogue is taken: right, key, reading, owners, writing, one audit row, one event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from festoon.catalog import columns, queries
from festoon.catalog.goods import forget
from festoon.catalog.models import CatalogVersion, Product, Store
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.batch import Batch, Column, RefusedRow, read_rows
from festoon.records.events import publish
from festoon.records.refusal import Forbidden
from festoon.records.tables import upsert
from festoon.records.viewer import SYSTEM, Viewer

Rows = Sequence[Mapping[str, Any]]
Read = list[tuple[int, dict[str, Any]]]


def take_plain(
    what: str, table: type[Model], rows: Rows, wanted: Sequence[Column], *, by: Viewer, now: datetime, key: str
) -> Batch:
    """Things of everybody, by their code."""
    return take(what, rows, wanted, ["code"], lambda found: put(table, found), by=by, now=now, key=key)


def take_owned(
    table: type[Store] | type[Product], rows: Rows, wanted: Sequence[Column], *, by: Viewer, now: datetime, key: str
) -> Batch:
    """Things with an owner: a code that another merchant has is refused."""
    what, unique, everything = (
        ("stores", "code", queries.stores(SYSTEM)) if table is Store else ("products", "sku", queries.visible(SYSTEM))
    )

    def others(found: Read) -> list[RefusedRow]:
        owners = queries.found(everything, unique, [row[unique] for _, row in found], "merchant_id")
        return [
            RefusedRow(index, unique, "taken", columns.TAKEN)
            for index, row in found
            if owners.get(row[unique], row["merchant_id"]) != row["merchant_id"]
        ]

    def write(found: list[dict[str, Any]]) -> None:
        put(table, found, unique)

    return take(what, rows, wanted, [unique], write, others, by=by, now=now, key=key)


def take(
    what: str,
    rows: Rows,
    wanted: Sequence[Column],
    unique: Sequence[str],
    write: Callable[[list[dict[str, Any]]], None],
    others: Callable[[Read], list[RefusedRow]] = lambda _: [],
    *,
    by: Viewer,
    now: datetime,
    key: str,
) -> Batch:
    """The way every batch goes: right, key, reading, writing, one audit row, one event."""
    by.require("catalog.edit")
    verb = f"catalog.take_{what}"
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=verb, body=rows):
            return Batch.of(before.answer)
        refused: list[RefusedRow] = []
        read = [(index, columns.references(row)) for index, row in read_rows(rows, wanted, unique, refused)]
        refused += (foreign := others(read))
        out = {row.index for row in foreign}
        taken = [row for index, row in read if index not in out]
        write(taken)
        CatalogVersion.bump()
        batch = Batch(taken=len(taken), refused=sorted(refused, key=lambda row: row.index))
        keys.remember(by=by, key=key, verb=verb, body=rows, answer=batch.to_data(), now=now)
        _note(verb, what, batch, by=by, now=now, key=key)
        transaction.on_commit(forget)
    return batch


def _note(verb: str, what: str, batch: Batch, *, by: Viewer, now: datetime, key: str) -> None:
    count = {"taken": batch.taken, "refused": len(batch.refused)}
    record(by=by, at=now, verb=verb, kind="catalog", subject=what, key=key, rows=count)
    kind = f"catalog.{what}_taken"
    event = {"id": uuid4().hex, "kind": kind, "at": now.isoformat(), **count}
    publish(at=now, kind=kind, merchant_id=by.merchant_id, events=[event])


def put(table: type[Model], rows: list[dict[str, Any]], unique: str = "code") -> None:
    """Add the rows; where `unique` is there already, take over the other values."""
    if rows:
        values = [column.removesuffix("_id") for column in rows[0] if column != unique]
        upsert([table(**row) for row in rows], unique=[unique], columns=values)


def number_on(table: type[Model]) -> None:
    """Let the database number on after a row whose number was given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table]):
            cursor.execute(statement)


def platform_only(by: Viewer) -> None:
    """What belongs to everybody is taken by the platform's people."""
    by.require("catalog.edit")
    if not by.is_platform:
        raise Forbidden("catalog.edit (platform)")
