"""How a test takes a guard away: in the database under test, or by saying a statement without it. Nothing else can."""

import inspect
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import PROTECT, ForeignKey, Model, OneToOneField

from festoon.ledger.models import Account
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
    with without_check(monkeypatch, Account, "account_limit"):
        yield


@contextmanager
def without_check(monkeypatch: pytest.MonkeyPatch, model: type[Model], name: str) -> Iterator[None]:
    """A check is gone, and comes back over an emptied table. SQLite's store then looks at none."""
    writer.close()
    if connection.vendor == "sqlite":
        opened = SqliteConnection.__init__

        def unchecked(self: SqliteConnection, settings: Any) -> None:
            opened(self, settings)
            self._open.execute("PRAGMA ignore_check_constraints = ON")

        with monkeypatch.context() as patch:
            patch.setattr(SqliteConnection, "__init__", unchecked)
            try:
                yield
            finally:
                writer.close()
        return
    with without_constraint(model, name):
        yield


@contextmanager
def without_constraint(model: type[Model], name: str) -> Iterator[None]:
    """A constraint of a table is gone, and comes back when it is emptied."""
    every = model._meta.constraints
    [gone] = [each for each in every if each.name == name]
    model._meta.constraints = [each for each in every if each is not gone]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, gone)
    try:
        yield
    finally:
        emptied(model)
        model._meta.constraints = every
        with connection.schema_editor() as editor:
            editor.add_constraint(model, gone)


@contextmanager
def many_to_one(model: type[Model], name: str) -> Iterator[None]:
    """What is one to one may be many to one, until the table is emptied."""
    once = model._meta.get_field(name)
    assert isinstance(once, OneToOneField)
    often: ForeignKey[Any, Any] = ForeignKey(once.related_model, PROTECT, null=once.null, related_name="+")
    often.set_attributes_from_name(name)
    often.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, once, often)
    try:
        yield
    finally:
        emptied(model)
        with connection.schema_editor() as editor:
            editor.alter_field(model, often, once)


def emptied(model: type[Model]) -> None:
    """Nothing is left of a table, nor of those that point to it."""
    for relation in model._meta.related_objects:
        if relation.related_model is not model:
            emptied(relation.related_model)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')


def without_words(monkeypatch: pytest.MonkeyPatch, function: Any, words: str, instead: str) -> None:
    """The function of the program is read without these words, whoever calls it."""
    text = textwrap.dedent(inspect.getsource(function))
    assert text.count(words) == 1
    made: dict[str, Any] = {}
    exec("from __future__ import annotations\n" + text.replace(words, instead), function.__globals__, made)
    monkeypatch.setattr(function, "__code__", made[function.__name__].__code__)


def without(monkeypatch: pytest.MonkeyPatch, name: str, words: str, instead: str = "") -> None:
    """The statement of this name is said without these words (as SQLite reads them)."""
    known = table[name]
    sqlite, postgres = known.sqlite, known.postgres
    others, there = (re.sub(r":([a-z_]+)", r"given._\1", text) for text in (words, instead))
    assert words in sqlite
    assert others in postgres
    weaker = replace(known, sqlite=sqlite.replace(words, instead), postgres=postgres.replace(others, there))
    monkeypatch.setitem(table, name, weaker)


def without_in_hope(monkeypatch: pytest.MonkeyPatch, name: str, words: str, instead: str = "") -> None:
    """What SQLite is told where a row is added in hope is said without these words; what is asked with care stays."""
    known = table[name]
    assert words in known.added
    monkeypatch.setitem(table, name, replace(known, added=known.added.replace(words, instead)))
