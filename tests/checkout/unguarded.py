"""How a test takes a guard away: in the database under test, or by saying a statement without it. Nothing else can."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from festoon.ledger.store import writer
from festoon.ledger.store.sqlite import SqliteConnection
from festoon.ledger.store.statement import table


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """A unique index is gone, and comes back over emptied tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [name])
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        made = cursor.fetchone()[0]
        if connection.vendor == "postgresql" and " WHERE " not in made:
            cursor.execute(f"SELECT conrelid::regclass FROM pg_constraint WHERE conname = '{name}'")
            cursor.execute(f"ALTER TABLE {cursor.fetchone()[0]} DROP CONSTRAINT {name}")
        else:
            cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in ("checkout_refundedunit", "checkout_couponuse", "coupons_coupon"):
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute(made)


@contextmanager
def without_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The check that an account is not overspent is gone."""
    writer.close()
    if connection.vendor == "sqlite":
        opened = SqliteConnection.__init__

        def unchecked(self: SqliteConnection, settings: Any) -> None:
            opened(self, settings)
            self._open.execute("PRAGMA ignore_check_constraints = ON")

        monkeypatch.setattr(SqliteConnection, "__init__", unchecked)
        yield
        writer.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT account_limit")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET held = 0, spent = 0 WHERE limited")
            check = "CHECK (NOT limited OR granted >= held + spent)"
            cursor.execute(f"ALTER TABLE ledger_account ADD CONSTRAINT account_limit {check}")


def without(monkeypatch: pytest.MonkeyPatch, name: str, words: str, instead: str = "") -> None:
    """The statement of this name is said without these words (as SQLite reads them)."""
    known = table[name]
    sqlite, postgres = known.sqlite, known.postgres
    others, there = (re.sub(r":([a-z_]+)", r"given._\1", text) for text in (words, instead))
    assert words in sqlite
    assert others in postgres
    weaker = replace(known, sqlite=sqlite.replace(words, instead), postgres=postgres.replace(others, there))
    monkeypatch.setitem(table, name, weaker)
