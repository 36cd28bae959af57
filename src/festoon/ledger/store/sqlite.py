"""The store on SQLite: write-ahead log, full sync, one writer at a time in a fair queue."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

from festoon.ledger.store import turn
from festoon.ledger.store.connection import Answer, Busy, Clash, Lost, Values
from festoon.ledger.store.hopes import Hopes
from festoon.ledger.store.plan import Row
from festoon.ledger.store.statement import PARAMETER, Statement

_json = msgspec.json.Encoder().encode


class SqliteConnection:
    """One connection; moments are written as Django writes them, lists as JSON for json_each."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.hopes = Hopes()
        self.apart = False
        self._turn = turn.of(settings["NAME"])
        self._open = sqlite3.connect(settings["NAME"], isolation_level=None, timeout=30, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._open.execute(f"PRAGMA {pragma}")

    def begin(self, *, together: bool) -> None:
        """Wait for the turn, then open the transaction as the one writer."""
        try:
            self._turn.take()
        except turn.TurnTimeout as error:
            raise Busy from error
        try:
            self._open.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self._turn.give()
            raise Busy from error
        except BaseException:
            self._turn.give()
            raise

    def commit(self) -> None:
        """Write it down to the disk and give the turn back; where that fails, rollback gives it."""
        try:
            self._open.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            raise Clash from error
        except sqlite3.OperationalError as error:
            raise Busy from error
        self._turn.give()

    def rollback(self) -> None:
        """Undo what was begun and give the turn back."""
        try:
            if self._open.in_transaction:
                self._open.execute("ROLLBACK")
        finally:
            self._turn.give()

    def close(self) -> None:
        """End the connection."""
        self._open.close()

    def ask(self, statement: Statement, values: Values) -> Answer:
        """Run one statement for all `values` or for each of them, at once; a lock is the turn it has."""
        if statement.locks:
            return lambda: ()
        found: list[Row] = []
        try:
            if statement.several and len(values) > 1:
                return self._ask_for_all(statement, values)
            for number, each in enumerate(values):
                cursor = self._open.execute(statement.sqlite, _given(statement, each))
                if cursor.description is None:
                    found += [(number,)] * cursor.rowcount
                else:
                    found += [(number, *row[1:]) for row in cursor]
        except sqlite3.IntegrityError as error:
            raise Clash from error
        except sqlite3.OperationalError as error:
            raise (Lost if "disk" in str(error) else Busy) from error
        return lambda: found

    def _ask_for_all(self, statement: Statement, values: Values) -> Answer:
        rows = _json([_given(statement, each) for each in values]).decode()
        found: Sequence[Row] = self._open.execute(statement.several, {"rows": rows}).fetchall()
        return lambda: found

    def add(self, statement: Statement, values: Values) -> None:
        """Run an INSERT for each of them, in one go of the driver; Clash where one came to nothing."""
        words, named, spelled = _by_place(statement.added or statement.sqlite, tuple(statement.spelled))
        columns: list[Sequence[Any]] = list(zip(*map(named, values), strict=True))
        for at in spelled:
            columns[at] = _plainly(columns[at])
        try:
            count = self._open.executemany(words, zip(*columns, strict=True)).rowcount
        except sqlite3.IntegrityError as error:
            raise Clash from error
        except sqlite3.OperationalError as error:
            raise (Lost if "disk" in str(error) else Busy) from error
        if count != len(values):
            raise Clash

    def push(self, *, answers: bool = False) -> None:
        """It has begun already."""

    def look(self) -> None:
        """It counts them while it writes."""

    def savepoint(self) -> None:
        """Mark the place to go back to."""
        self._open.execute("SAVEPOINT plan")

    def release(self) -> None:
        """Forget the place."""
        self._open.execute("RELEASE plan")

    def back(self) -> None:
        """Go back to the place and forget it."""
        self._open.execute("ROLLBACK TO plan")
        self._open.execute("RELEASE plan")


def _given(statement: Statement, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row as SQLite takes it: only moments and lists are spelled."""
    spelled = {name: _plain(values[name]) for name in statement.spelled}
    return {**values, **spelled} if spelled else values


@lru_cache(maxsize=256)
def _by_place(
    words: str, spelled: Sequence[str]
) -> tuple[str, Callable[[Mapping[str, Any]], Sequence[Any]], Sequence[int]]:
    """A statement whose parameters are known by their places, what puts a row so, and the places of what is spelled."""
    names = list(dict.fromkeys(PARAMETER.findall(words)))
    numbered = PARAMETER.sub(lambda found: f"?{names.index(found[1]) + 1}", words)
    return numbered, itemgetter(*names), [at for at, name in enumerate(names) if name in spelled]


def _plainly(values: Sequence[Any]) -> Sequence[Any]:
    """The same of a column; what stands in it more than once is spelled once."""
    known: dict[int, Any] = {}
    for value in values:
        if id(value) not in known:
            known[id(value)] = _plain(value)
    return [known[id(value)] for value in values]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _json(value.astimezone(UTC))[1:-2].decode().replace("T", " ")
    return json.dumps(value) if isinstance(value, list) else value
