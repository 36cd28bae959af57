"""Writing many rows at once. Reading is each room's `queries`; a write needs no wall, for its rows carry the owner.

Rows that need no number back go by one statement for all: a fifth of the time of the ORM's own bulk writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import IntegrityError, connection, transaction
from django.db.models import AutoField, Field, Model

from festoon.records.refusal import Refusal


def insert(rows: Sequence[Model]) -> None:
    """Add `rows` of one table; a row that breaks a constraint raises IntegrityError and the transaction is lost.

    Where the database numbers the rows, each knows its number afterwards.
    """
    if not rows:
        return
    table = type(rows[0])
    if isinstance(table._meta.pk, AutoField):
        table._base_manager.bulk_create(rows, batch_size=2000)
    else:
        _write(rows, _columns(table), "")


def insert_new(row: Model, taken: Refusal) -> None:
    """Add one row; raise `taken` where another has its code (or whatever of it is once), also by a moment."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise taken from None


def pour(table: type[Model], same: Mapping[str, Any], each: Mapping[str, Sequence[Any]]) -> None:
    """Add many rows by columns: `same` is what all rows have alike, `each` the column of what differs.

    The fastest way in there is: COPY on PostgreSQL, one prepared statement on SQLite. The columns of `each` hold whole
    numbers and plain texts (no tabs, breaks or backslashes: ids and codes of our own making).
    """
    fields = {name: table._meta.get_field(name) for name in (*same, *each)}
    into = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields.values())  # type: ignore[union-attr]
    fixed = [_ready(cast(Any, fields[name]), [value])[0] for name, value in same.items()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lead = "".join(f"{_copied(value)}\t" for value in fixed)
            lines = zip(*(map(str, column) for column in each.values()), strict=True)
            with cursor.copy(f"COPY {_name(table)} ({into}) FROM STDIN") as copy:
                copy.write("".join([lead + "\t".join(line) + "\n" for line in lines]))
            return
        marks = ", ".join(["%s"] * len(fields))
        rows = [(*fixed, *row) for row in zip(*each.values(), strict=True)]
        cursor.executemany(f"INSERT INTO {_name(table)} ({into}) VALUES ({marks})", rows)  # noqa: S608 -- our columns


def _copied(value: Any) -> str:
    """A value as PostgreSQL's COPY reads it in its text form."""
    if value is None:
        return "\\N"
    for sign, spelt in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        value = str(value).replace(sign, spelt)
    return str(value)


def upsert(rows: Sequence[Model], *, unique: Sequence[str], columns: Sequence[str]) -> None:
    """Add `rows` of one table; where the `unique` columns are already there, take over `columns` instead."""
    if not rows:
        return
    table = type(rows[0])
    marks, taken = (", ".join(_quoted(table, name) for name in names) for names in (unique, columns))
    new = ", ".join(f"EXCLUDED.{_quoted(table, name)}" for name in columns)
    then = f" ON CONFLICT ({marks}) DO UPDATE SET ({taken}) = ROW({new})"
    if connection.vendor == "sqlite":
        then = then.replace("= ROW(", "= (")
    _write(rows, [column for column in _columns(table) if not isinstance(column, AutoField)], then)


def change(rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Write `columns` of `rows` of one table, each found by its number."""
    if not rows:
        return
    table = type(rows[0])
    key, fields = table._meta.pk, [table._meta.get_field(name) for name in columns]
    written = [field for field in fields if isinstance(field, Field)]
    news = ", ".join(f"{_quoted(table, field.name)} = %s" for field in written)
    ready = [_ready(column, [getattr(row, column.attname) for row in rows]) for column in (*written, key)]
    with connection.cursor() as cursor:
        statement = f"UPDATE {_name(table)} SET {news} WHERE {_quoted(table, key.name)} = %s"  # noqa: S608 -- our columns
        cursor.executemany(statement, list(zip(*ready, strict=True)))


def wait_for(lock: int, *, shared: bool = False) -> None:
    """Let verbs that name the same `lock` follow one another until they commit; those that have it `shared` go together.

    SQLite has one writer at a time and needs nothing; PostgreSQL takes an advisory lock of this transaction, for which
    those who wait stand in a queue.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", [lock])


def _columns(table: type[Model]) -> list[Field[Any, Any]]:
    return list(table._meta.local_concrete_fields)


def _name(table: type[Model]) -> str:
    return connection.ops.quote_name(table._meta.db_table)


def _quoted(table: type[Model], name: str) -> str:
    field = table._meta.get_field(name)
    return connection.ops.quote_name(str(field.column))  # type: ignore[union-attr]


def _write(rows: Sequence[Model], columns: Sequence[Field[Any, Any]], then: str) -> None:
    into = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    ready = [_ready(column, [getattr(row, column.attname) for row in rows]) for column in columns]
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {_name(type(rows[0]))} ({into}) VALUES ({marks}){then}"  # noqa: S608 -- names of our own columns
        cursor.executemany(statement, list(zip(*ready, strict=True)))


def _ready(column: Field[Any, Any], values: list[Any]) -> list[Any]:
    """The values of one column as the database takes them."""
    return [column.get_db_prep_save(value, connection) for value in values]
