"""What PostgreSQL is sent of a statement: one row as parameters of their own, of several a list a column.

Those columns of several rows that a statement calls `alike` are parameters of their own too, where they are. So a
statement has three forms at the most, each prepared once. A column of lists is no list of its own: rows with one are
sent as one JSON.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
import psycopg

from festoon.ledger.store.statement import Statement, columns_of, listable, rows_of, said

Sent = tuple[str, list[bytes | None]]
_json = msgspec.json.Encoder().encode


def sent(statement: Statement, values: Sequence[Mapping[str, Any]]) -> Sent:
    """The words and the parameters for all `values`."""
    single = _single(statement, values)
    words, names = form(statement, single)
    own = [_plain(values[0][name]) for name in names]
    rest = {name: kind for name, kind in statement.takes.items() if name not in single}
    if not rest:
        return words, own
    if not listable(rest):
        return words, [_rows(statement, values, rest), *own]
    return words, [*(_column([row[name] for row in values]) for name in rest), _numbers(len(values)), *own]


def form(statement: Statement, single: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    """The words where `single` columns are parameters of their own, and which of them are asked for."""
    return _form(statement.postgres, tuple(statement.takes.items()), single)


@lru_cache(maxsize=1024)
def _form(words: str, takes: Sequence[tuple[str, str]], single: Sequence[str]) -> tuple[str, Sequence[str]]:
    types = dict(takes)
    rest = {name: kind for name, kind in takes if name not in single}
    words = words.replace(rows_of(types), columns_of(rest) if listable(rest) else rows_of(rest))
    before = len(rest) + 1 if listable(rest) else min(1, len(rest))
    asked: list[str] = []
    for name in single:
        parts = re.split(re.escape(said(name, types)) + r"(?!\w)", words)
        if len(parts) > 1:
            asked.append(name)
            words = f"${len(asked) + before}::{types[name]}".join(parts)
    return words, asked


def _single(statement: Statement, values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    if len(values) == 1:
        return tuple(statement.takes)
    if not values or not statement.alike:
        return ()
    common = itemgetter(*statement.alike)
    first = common(values[0])
    return statement.alike if all(common(each) == first for each in values) else ()


def _column(values: Sequence[Any]) -> bytes:
    """A list as PostgreSQL reads it. But for what JSON spells with a sign of its own it is JSON's."""
    listed = _json([*values])
    if b"\\" in listed:
        listed = b"[%b]" % b",".join(map(_quoted, values))
    return b"{%b}" % listed[1:-1]


def _quoted(value: Any) -> bytes:
    """One of a list."""
    if not isinstance(value, str):
        return _json(value)
    if "\0" in value:
        raise psycopg.DataError("a text has no NUL")
    return b'"%b"' % value.replace("\\", r"\\").replace('"', r"\"").encode()


@lru_cache(maxsize=1024)
def _numbers(count: int) -> bytes:
    return _column(range(count))


def _rows(statement: Statement, values: Sequence[Mapping[str, Any]], names: Collection[str]) -> bytes:
    """One JSON; what is JSON already is put in as it is."""
    rows = [{name: each[name] for name in names} for each in values]
    for name in {*statement.documents} & {*names}:
        for row in rows:
            row[name] = _raw(row[name])
    return _json(rows)


def _raw(document: str | None) -> msgspec.Raw | None:
    return None if document is None else msgspec.Raw(document.encode())


def _plain(value: Any) -> bytes | None:
    """A parameter as PostgreSQL reads it."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, list | tuple):
        return b"{%b}" % b",".join(map(_quoted, value))
    written = (value.isoformat() if isinstance(value, datetime) else str(value)).encode()
    if b"\0" in written:
        raise psycopg.DataError("a text has no NUL")
    return written
