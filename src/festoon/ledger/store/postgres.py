"""The store on PostgreSQL: synchronous commit, row locks in one order, unique indexes decide between processes.

All rows of a statement travel as one JSON, and the statements of a group in a pipeline: a group of a hundred waits three
times for the server, not a hundred times. Where a group goes by savepoints, it goes without the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg import errors

from festoon.ledger.store.connection import Answer, Busy, Clash, Lost, Values
from festoon.ledger.store.plan import Row
from festoon.ledger.store.statement import Statement

_BUSY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable, errors.QueryCanceled)
_OPTIONS = (
    "-c synchronous_commit=on -c timezone=UTC -c lock_timeout=10s -c plan_cache_mode=force_generic_plan"
    # Every statement here finds few rows by an index; a plan made while a table was empty must not scan it when it grew.
    " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
)
_json = msgspec.json.Encoder().encode


class PostgresConnection:
    """One connection; transactions are begun and ended by hand."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given: dict[str, Any] = {ours: settings[name] for ours, name in names.items() if settings.get(name)}
        given.update({name: how for name, how in settings.get("OPTIONS", {}).items() if name.startswith("ssl")})
        self._pipeline: AbstractContextManager[psycopg.Pipeline] | None = None
        with _by_meaning():
            self._open = psycopg.connect(
                **given, autocommit=True, cursor_factory=psycopg.RawCursor, options=_OPTIONS, prepare_threshold=0
            )

    def begin(self, *, together: bool) -> None:
        """Open the transaction."""
        if together:
            pipeline = self._open.pipeline()
            with _by_meaning():
                pipeline.__enter__()
            self._pipeline = pipeline
        self._say("BEGIN")

    def commit(self) -> None:
        """Make it durable."""
        self._say("COMMIT")
        with _by_meaning():
            self._leave_pipeline()

    def rollback(self) -> None:
        """Undo what was begun; on a lost connection the server does."""
        try:
            self._leave_pipeline()
        except psycopg.Error:
            pass  # what went wrong in it has been said before
        if not self._open.closed:
            self._say("ROLLBACK")

    def close(self) -> None:
        """End the connection."""
        self._open.close()

    def ask(self, statement: Statement, values: Values) -> Answer:
        """Run one statement for all `values`."""
        with _by_meaning():
            cursor = self._open.execute(
                statement.postgres.encode(), [_json(values).decode()] if statement.takes else ()
            )

        def answer() -> Sequence[Row]:
            with _by_meaning():
                rows = cursor.fetchall()
            if not statement.answers:
                return rows
            numbers = {each[statement.answers]: number for number, each in enumerate(values)}
            return [(numbers[row[0]],) for row in rows]

        return answer

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

    def _say(self, words: str) -> None:
        with _by_meaning():
            self._open.execute(words.encode())

    def _leave_pipeline(self) -> None:
        if self._pipeline is not None:
            left, self._pipeline = self._pipeline, None
            left.__exit__(None, None, None)


@contextmanager
def _by_meaning() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _meant(error) from error


def _meant(error: psycopg.Error) -> Exception:
    """What the store makes of it; what is none of the three is a fault of ours, and itself."""
    if isinstance(error, errors.IntegrityError):
        return Clash()
    if isinstance(error, _BUSY):
        return Busy()
    return Lost() if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else error
