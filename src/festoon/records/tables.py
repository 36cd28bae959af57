"""Writing many rows at once. Reading is each room's `queries`; a write needs no wall, for its rows carry the owner."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model


def insert(rows: Sequence[Model]) -> None:
    """Add `rows` of one table; a row that breaks a constraint raises IntegrityError and the transaction is lost."""
    if rows:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=2000)


def upsert(rows: Sequence[Model], *, unique: Sequence[str], columns: Sequence[str]) -> None:
    """Add `rows` of one table; where the `unique` columns are already there, take over `columns` instead."""
    if rows:
        type(rows[0])._base_manager.bulk_create(
            rows, batch_size=2000, update_conflicts=True, unique_fields=list(unique), update_fields=list(columns)
        )


def change(rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Write `columns` of `rows` of one table."""
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, list(columns), batch_size=500)


def wait_for(lock: int) -> None:
    """Let verbs that name the same `lock` follow one another until they commit.

    SQLite has one writer at a time and needs nothing; PostgreSQL takes an advisory lock of this transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
