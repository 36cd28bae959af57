"""What PostgreSQL is sent of a statement: all rows as one JSON, but not what needs no JSON.

One row is parameters of their own. Of several rows those columns are that a statement calls `alike`, where they are:
the JSON then holds the others. So a statement has three forms at the most, each prepared once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
import psycopg

from festoon.ledger.store.statement import Statement, rows_of, said

Sent = tuple[str, list[bytes | None]]
_json = msgspec.json.Encoder().encode


def sent(statement: Statement, values: Sequence[Mapping[str, Any]]) -> Sent:
    """The words and the parameters for all `values`."""
    single = _single(statement, values)
    words, names = form(statement, single)
    parameters = [_plain(values[0][name]) for name in names]
    if len(single) < len(statement.takes):
        parameters.insert(0, _rows(statement, values, single))
    return words, parameters


def form(statement: Statement, single: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    """The words where `single` columns are parameters of their own, and which of them are asked for."""
    return _form(statement.postgres, tuple(statement.takes.items()), single)


@lru_cache(maxsize=1024)
def _form(words: str, takes: Sequence[tuple[str, str]], single: Sequence[str]) -> tuple[str, Sequence[str]]:
    types = dict(takes)
    rest = {name: kind for name, kind in takes if name not in single}
    words = words.replace(rows_of(types), rows_of(rest))
    asked: list[str] = []
    for name in single:
        parts = re.split(re.escape(said(name, types)) + r"(?!\w)", words)
        if len(parts) > 1:
            asked.append(name)
            words = f"${len(asked) + bool(rest)}::{types[name]}".join(parts)
    return words, asked


def _single(statement: Statement, values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    if len(values) == 1:
        return tuple(statement.takes)
    if not values or not statement.alike:
        return ()
    common = itemgetter(*statement.alike)
    first = common(values[0])
    return statement.alike if all(common(each) == first for each in values) else ()


def _rows(statement: Statement, values: Sequence[Mapping[str, Any]], single: Sequence[str]) -> bytes:
    """One JSON; what is JSON already is put in as it is."""
    if not single and not statement.documents:
        return _json(values)
    names = [name for name in statement.takes if name not in single]
    rows = [{name: each[name] for name in names} for each in values]
    for name in {*statement.documents} - {*single}:
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
        quoted = (str(each).replace("\\", r"\\").replace('"', r"\"") for each in value)
        value = "{" + ",".join(f'"{each}"' for each in quoted) + "}"
    written = (value.isoformat() if isinstance(value, datetime) else str(value)).encode()
    if b"\0" in written:
        raise psycopg.DataError("a text has no NUL")
    return written
