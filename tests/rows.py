"""Every row of a database: set aside and put back, so that each test begins with the same world at once, or with nobody.

The copy is made by the database itself, beside the tables (a file attached, a schema), so five hundred shoppers cost
a hundredth of a second and not the seconds it takes to compose them. On PostgreSQL only those tables are filled anew in
which a test wrote something: a row it wrote is younger than what was put back, one it deleted is missing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from django.db import connection, transaction

from tests import environment

NOBODY = "nobody"
KEPT_BY_MIGRATIONS = {"django_migrations"}
SPACIOUS = 200_000
"""Bytes from which on a table is cleared of the rows that are gone from it."""

Mark = tuple[int, int | None]
"""How many rows a table has, and the number of the transaction that wrote the youngest."""

_marks: dict[str, dict[str, Mark]] = {}
"""World → table → its mark when it was last set aside or put back."""


def begin_with(world: str, make: Callable[[], object], *, on: str = NOBODY) -> None:
    """The world of this name: made by `make` once a run, out of another; its rows put back ever after."""
    if world in _marks:
        put_back(world)
        return
    put_back(on)
    make()
    set_aside(world)


def set_aside(world: str) -> None:
    """Keep every row of now as the world of this name; what was kept of it before is forgotten."""
    if connection.vendor == "sqlite":
        _file(world).unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_file(world))])
        _marks[world] = {}
        return
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{world}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{world}"')
        for table in _tables():
            cursor.execute(f'CREATE TABLE "{world}"."{table}" AS TABLE public."{table}"')
    _marks[world] = _look(_tables())


def put_back(world: str) -> None:
    """Every table holds exactly the rows that were set aside as this world."""
    if connection.vendor == "sqlite":
        _put_back_file(world)
    else:
        _put_back_schema(world)


def _put_back_file(world: str) -> None:
    """Page by page, as the database copies itself: a thousandth of a second, however many tables there are."""
    connection.ensure_connection()
    with closing(sqlite3.connect(_file(world))) as kept:
        kept.backup(connection.connection)


def _put_back_schema(world: str) -> None:
    kept = _marks[world]
    stale = [table for table, mark in _look(kept).items() if mark != kept[table]]
    if not stale:
        return
    filled = [table for table in stale if kept[table][0]]
    with transaction.atomic(), connection.cursor() as cursor:
        emptied = [f'DELETE FROM public."{table}"' for table in stale]
        cursor.execute(";".join(["SET LOCAL session_replication_role = replica", *emptied, *_filled(world, filled)]))
        cursor.execute("SELECT pg_current_xact_id()::xid::text::bigint")
        (written,) = cursor.fetchone()
    kept.update({table: (kept[table][0], written) for table in filled})
    _clear(stale)


def _look(tables: Iterable[str]) -> dict[str, Mark]:
    connection.ensure_connection()
    looked = connection.connection.execute(_looking(tuple(tables)), prepare=True)
    return {table: (count, youngest) for table, count, youngest in looked.fetchall()}


@cache
def _looking(tables: tuple[str, ...]) -> str:
    each = [f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM public.\"{table}\"" for table in tables]
    return " UNION ALL ".join(each)


def _filled(world: str, tables: list[str]) -> Iterator[str]:
    """The statements that fill these tables and let their numbers go on."""
    for table in tables:
        yield f'INSERT INTO public."{table}" SELECT * FROM "{world}"."{table}"'
        for column in _numbered(table):
            numbers = f"pg_get_serial_sequence('public.\"{table}\"', '{column}')"
            yield f'SELECT setval({numbers}, coalesce(max("{column}"), 0) + 1, false) FROM "{world}"."{table}"'


@cache
def _numbered(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [str(sequence["column"]) for sequence in connection.introspection.get_sequences(cursor, table)]


def _clear(tables: list[str]) -> None:
    """Of rows that are gone, where they take room: each look would go through them."""
    named = ", ".join(f"'public.\"{table}\"'::regclass" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM unnest(ARRAY[{named}]) t WHERE pg_relation_size(t) > {SPACIOUS}")
        for (table,) in cursor.fetchall():
            cursor.execute(f"VACUUM {table}")


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - KEPT_BY_MIGRATIONS)


def _file(world: str) -> Path:
    return Path(environment.VAR) / f"{world}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3"
