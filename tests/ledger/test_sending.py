"""PostgreSQL reads the same of a row, however it is sent: by itself, beside rows that are like it, beside others."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from festoon.ledger.store.postgres import PostgresConnection
from festoon.ledger.store.sending import sent
from festoon.ledger.store.statement import statement

ECHO = statement(
    "sending.echo",
    "SELECT {n}, :at, :flag, :many, :named, :number, :sealed, :said FROM {given}",
    takes="at timestamptz, flag boolean, many text[], named jsonb, number bigint, sealed bytea, said text",
    alike="at flag many number sealed",
)
LISTS = statement(
    "sending.lists",
    "SELECT {n}, :at, :flag, :named, :number, :sealed, :said FROM {given}",
    takes="at timestamptz, flag boolean, named jsonb, number bigint, sealed bytea, said text",
)
MOMENT = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=8)))
ROW: dict[str, Any] = {
    "at": MOMENT, "flag": False, "many": ["{a,b}", '"', "\\", "", "NULL", "é，"], "named": '{"a": ["\\"\\\\", null]}',
    "number": -(2**63), "sealed": b"\0\\x\xff", "said": "'$1 %s\\ \" é，{}",
}  # fmt: skip
NAMED = {"a": ['"\\', None]}
NOTHING = dict.fromkeys(ROW)
OTHER = ROW | {"said": "", "number": 7}


@pytest.mark.django_db
@pytest.mark.parametrize("beside", [[], [ROW | {"said": "", "named": None}], [OTHER], [NOTHING]])
def test_a_row_is_read_as_it_was_meant(beside: list[dict[str, Any]]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes values as they are")
    own = PostgresConnection(connections.settings["default"])
    try:
        rows = own.ask(ECHO, [ROW, *beside])()
        nothing = own.ask(ECHO, [NOTHING])()
    finally:
        own.close()
    said = ROW | {"at": MOMENT.astimezone(UTC), "named": NAMED}
    assert [*rows[0][1:]] == [*said.values()]
    assert [*nothing[0][1:]] == [None] * len(ROW)


@pytest.mark.django_db
def test_rows_of_which_nothing_is_alike_are_read_as_they_were_meant() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes values as they are")
    rows = [{name: row[name] for name in LISTS.takes} for row in (ROW, OTHER, NOTHING, ROW | {"said": "NULL"})]
    own = PostgresConnection(connections.settings["default"])
    try:
        found = own.ask(LISTS, rows)()
    finally:
        own.close()
    read = [row | {"at": row["at"] and MOMENT.astimezone(UTC), "named": row["named"] and NAMED} for row in rows]
    assert [*found] == [(number, *row.values()) for number, row in enumerate(read)]


def test_what_rows_have_in_common_is_sent_once() -> None:
    assert len(sent(ECHO, [ROW])[1]) == len(ROW)
    words, parameters = sent(ECHO, [ROW, ROW | {"said": "", "named": None}])
    assert len(parameters) == len(ROW) + 1
    assert words.count("$") == len(parameters)
    assert len(sent(ECHO, [ROW, OTHER])[1]) == 1
    assert len(sent(ECHO, [])[1]) == 1


def test_a_text_with_a_nul_is_not_cut_there() -> None:
    with pytest.raises(psycopg.DataError):
        sent(ECHO, [ROW | {"said": "a\0b"}])
    with pytest.raises(psycopg.DataError):
        sent(LISTS, [ROW, ROW | {"said": "a\0b"}])
