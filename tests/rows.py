"""Every row of a database: set aside and put back, so that each test begins with the same world at once; or all gone.

The copy is made by the database itself, beside the tables (a file attached, a schema), so five hundred shoppers cost
a hundredth of a second and not the seconds it takes to compose them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

from django.db import connection, transaction

from tests import environment

KEPT_BY_MIGRATIONS = {"django_migrations"}
ASIDE = "set_aside"


_known: set[str] = set()


def begin_with(world: str, make: Callable[[], object]) -> None:
    """The world of this name: made by `make` once a run, its rows put back ever after."""
    if world in _known:
        put_back(world)
        return
    make()
    set_aside(world)
    _known.add(world)


def set_aside(world: str = ASIDE) -> None:
    """Keep every row of now as the world of this name; what was kept of it before is forgotten."""
    if connection.vendor == "sqlite":
        _file(world).unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_file(world))])
        return
    with connection.cursor() as cursor:
        _filled.cache_clear()
        cursor.execute(f"DROP SCHEMA IF EXISTS {world} CASCADE")
        cursor.execute(f"CREATE SCHEMA {world}")
        for table in _tables():
            cursor.execute(f'CREATE TABLE {world}."{table}" AS TABLE public."{table}"')


def put_back(world: str = ASIDE) -> None:
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
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join([_emptied(_tables()), *_filled(world)]))


def empty_on_postgresql(tables: list[str]) -> list[str]:
    """What Django's flush runs instead of one TRUNCATE, which makes each table and each of its indexes anew: a hundred
    files for a test that wrote three rows."""
    return ["SET LOCAL session_replication_role = replica", _emptied(tables)]


def _emptied(tables: list[str]) -> str:
    """Only tables that hold anything are touched; those grown large are made anew after all."""
    names = ", ".join(f"'{table}'" for table in tables)
    return (
        "DO $$ DECLARE t text; BEGIN "
        f"FOREACH t IN ARRAY ARRAY[{names}]::text[] LOOP "
        "IF pg_relation_size(format('public.%I', t)::regclass) > 1000000 THEN EXECUTE format('TRUNCATE public.%I CASCADE', t); "
        "ELSIF pg_relation_size(format('public.%I', t)::regclass) > 0 THEN EXECUTE format('DELETE FROM public.%I', t); "
        "END IF; END LOOP; END $$"
    )


@cache
def _filled(world: str) -> list[str]:
    """The statements that fill what held anything when it was set aside, and let its numbers go on."""
    found = []
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT EXISTS (SELECT FROM {world}."{table}")')
            if cursor.fetchone()[0]:
                found.append(f'INSERT INTO public."{table}" SELECT * FROM {world}."{table}"')
                found += [
                    f"SELECT setval(pg_get_serial_sequence('public.\"{table}\"', '{sequence['column']}'),"
                    f' coalesce(max("{sequence["column"]}"), 0) + 1, false) FROM public."{table}"'
                    for sequence in connection.introspection.get_sequences(cursor, table)
                ]
    return found


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - KEPT_BY_MIGRATIONS)


def _file(world: str) -> Path:
    return Path(environment.VAR) / f"{world}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3"
