"""The store on PostgreSQL: synchronous commit, row locks in one order, unique indexes decide between processes.

All rows of a statement travel together, and the statements of a group in a pipeline: a group of a hundred waits three
times for the server, not a hundred times. Where a group goes by savepoints, each statement is waited for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import errors

from festoon.ledger.store.connection import Answer, Busy, Clash, Lost, Values
from festoon.ledger.store.hopes import Hopes
from festoon.ledger.store.pipeline import Pipeline
from festoon.ledger.store.plan import Row
from festoon.ledger.store.sending import sent
from festoon.ledger.store.statement import Statement

_BUSY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable, errors.QueryCanceled)
_OPTIONS = (
    "-c synchronous_commit=on -c timezone=UTC -c lock_timeout=10s -c plan_cache_mode=force_generic_plan"
    # Every statement here finds few rows by an index; a plan made while a table was empty must not scan it when it grew.
    " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_memoize=off -c jit=off"
)
_PRESSED = (
    "SELECT set_config(name, 'lz4', FALSE) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
)
"""The list of an audit row is long: it is pressed the quick way where the server knows it."""
_ALL_ADDED = "WITH added AS (%s) SELECT 1 / (COUNT(*) = $%d::bigint)::int FROM added"


class PostgresConnection:
    """One connection; transactions are begun and ended by hand."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given: dict[str, Any] = {ours: settings[name] for ours, name in names.items() if settings.get(name)}
        given.update({name: how for name, how in settings.get("OPTIONS", {}).items() if name.startswith("ssl")})
        self.hopes = Hopes()
        self.apart = True
        self._together = False
        with _by_meaning():
            self._open = psycopg.connect(**given, autocommit=True, options=_OPTIONS)
            self._open.execute(_PRESSED)
            self._pipeline = Pipeline(self._open)

    def begin(self, *, together: bool) -> None:
        """Open the transaction."""
        self._together = together
        self._say("BEGIN")

    def commit(self) -> None:
        """Make it durable."""
        self._together = False
        if self._say("COMMIT") != b"COMMIT":
            raise Clash  # what had failed before made it a ROLLBACK

    def rollback(self) -> None:
        """Undo what was begun; on a lost connection the server does."""
        self._together = False
        if self._open.closed:
            return
        with suppress(psycopg.Error):  # what went wrong has been said before, or the next word says it again
            self._pipeline.settle()
        self._say("ROLLBACK")

    def close(self) -> None:
        """End the connection."""
        self._open.close()

    def ask(self, statement: Statement, values: Values) -> Answer:
        """Run one statement for all `values`."""
        with _by_meaning():
            waiting = self._pipeline.send(*sent(statement, values))
            if not self._together:
                self._pipeline.settle()

        def answer() -> Sequence[Row]:
            with _by_meaning():
                rows = self._pipeline.rows(waiting)
            if not statement.answers or not rows:
                return rows
            numbers = {each[statement.answers]: number for number, each in enumerate(values)}
            return [(numbers[row[0]],) for row in rows]

        return answer

    def add(self, statement: Statement, values: Values) -> None:
        """Run an INSERT for all `values`; with a row too few it divides by nought, and what follows is not done."""
        with _by_meaning():
            words, parameters = sent(statement, values)
            self._pipeline.send(_ALL_ADDED % (words, len(parameters) + 1), [*parameters, str(len(values)).encode()])

    def push(self, *, answers: bool = False) -> None:
        """Let the server begin with what was asked, without waiting."""
        with _by_meaning():
            self._pipeline.push(answers=answers)

    def look(self) -> None:
        """Look for the rows that others name now and with each statement, not at the commit: till then we are at work too."""
        self._say("SET CONSTRAINTS ALL IMMEDIATE")

    def savepoint(self) -> None:
        """Mark the place to go back to."""
        self._say("SAVEPOINT plan")

    def release(self) -> None:
        """Forget the place."""
        self._say("RELEASE plan")

    def back(self) -> None:
        """Go back to the place and forget it."""
        self._say("ROLLBACK TO plan")
        self._say("RELEASE plan")

    def _say(self, words: str) -> bytes | None:
        with _by_meaning():
            waiting = self._pipeline.send(words, [])
            if not self._together:
                self._pipeline.settle()
        return waiting.result.command_status if waiting.result else None


@contextmanager
def _by_meaning() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _meant(error) from error


def _meant(error: psycopg.Error) -> Exception:
    """What the store makes of it; what is none of the three is a fault of ours, and itself."""
    if isinstance(error, errors.IntegrityError | errors.DivisionByZero):
        return Clash()
    if isinstance(error, _BUSY):
        return Busy()
    return Lost() if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else error
