"""Every statement of the store is understood by the migrated database under test, whichever it is."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from importlib import import_module

import pytest
from django.db import connection

from festoon.distribution.statements import CLAIM
from festoon.ledger.models import Account
from festoon.ledger.store import movement, records
from festoon.ledger.store.postgres import PostgresConnection
from festoon.ledger.store.sending import form
from festoon.ledger.store.statement import Statement, every, insertion, statement
from festoon.offers import guards

ROOMS = [
    "festoon.ledger.store.movement", "festoon.ledger.store.records", "festoon.offers.guards",
    "festoon.distribution.statements", "festoon.checkout.statements",
]  # fmt: skip
for room in ROOMS:
    import_module(room)


@pytest.mark.django_db
@pytest.mark.parametrize("one", list(every()), ids=lambda one: one.name)
def test_the_database_prepares_it(one: Statement) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.connection.execute(f"EXPLAIN {one.sqlite}", dict.fromkeys(one.parameters))
            if one.added:
                cursor.connection.execute(f"EXPLAIN {one.added}", dict.fromkeys(one.parameters))
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {one.several}", {"rows": "[]"}) if one.several else ()
            assert not any(row[3].startswith("SCAN") for row in [*plan][1:]), f"{one.name} reads a whole table"
            return
        for single in {(), one.alike, tuple(one.takes)}:
            cursor.connection.execute(f"PREPARE tried AS {form(one, single)[0]}".encode())
            cursor.connection.execute(b"DEALLOCATE tried")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "one", [CLAIM, movement.MOVE, movement.TRANSFER, records.AUDIT, records.OUTBOX], ids=lambda one: one.name
)
def test_what_every_claim_writes_is_put_by_in_no_table_of_its_own(one: Statement) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL is sent all rows at once")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as own:
        steps = own.execute(f"EXPLAIN {one.added or one.sqlite}", dict.fromkeys(one.parameters)).fetchall()
    assert "OpenEphemeral" not in {row[1] for row in steps}


@pytest.mark.django_db
def test_whether_offers_are_live_is_looked_up_by_their_codes_and_not_among_all_that_are() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite finds what is IN a list by the index")
    own = PostgresConnection(connection.settings_dict)
    try:
        plan = own.ask(replace(guards.LIVE, postgres=f"EXPLAIN {guards.LIVE.postgres}"), [{"offers": ["a"]}])()
    finally:
        own.close()
    assert any("Index Cond" in line and "code = " in line for (line,) in plan), "\n".join(line for (line,) in plan)


def test_a_column_that_is_not_there_is_noticed_when_the_statement_is_named() -> None:
    with pytest.raises(Exception, match="no field named 'wealth'"):
        statement("tests.wrong", "SELECT {a.wealth} FROM {a}", a=Account)


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="two statements"):
        insertion("audit.add", Account, "code")
