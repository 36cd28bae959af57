"""The store on PostgreSQL: synchronous commit, row locks in one order, unique indexes decide between processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg import errors

from festoon.ledger.store.connection import Busy, Clash, Lost
from festoon.ledger.store.plan import Row
from festoon.ledger.store.statement import Statement

_BUSY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable, errors.QueryCanceled)
_T = TypeVar("_T")


class PostgresConnection:
    """One connection; transactions are begun and ended by hand, for a group is many savepoints long."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given: dict[str, Any] = {ours: settings[name] for ours, name in names.items() if settings.get(name)}
        given.update({name: how for name, how in settings.get("OPTIONS", {}).items() if name.startswith("ssl")})
        try:
            self._open = psycopg.connect(
                **given,
                autocommit=True,
                options="-c synchronous_commit=on -c timezone=UTC -c lock_timeout=10s",
            )
        except psycopg.OperationalError as error:
            raise Lost from error

    def begin(self) -> None:
        """Open the group's transaction."""
        self._say("BEGIN")

    def commit(self) -> None:
        """Make it durable."""
        self._say("COMMIT")

    def rollback(self) -> None:
        """Undo what was begun; on a lost connection the server does."""
        if not self._open.closed:
            self._say("ROLLBACK")

    def close(self) -> None:
        """End the connection."""
        self._open.close()

    def run(self, statement: Statement, values: Mapping[str, Any]) -> tuple[int, Sequence[Row]]:
        """Run one statement; rows are counted where it finds some, else those it touched."""

        def ask() -> tuple[int, Sequence[Row]]:
            cursor = self._open.execute(statement.postgres.encode(), values, prepare=True)
            if cursor.description is None:
                return cursor.rowcount, ()
            rows = cursor.fetchall()
            return len(rows), rows

        return self._by_meaning(ask)

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
        self._by_meaning(lambda: self._open.execute(words.encode()))

    def _by_meaning(self, ask: Callable[[], _T]) -> _T:
        try:
            return ask()
        except errors.IntegrityError as error:
            raise Clash from error
        except _BUSY as error:
            raise Busy from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Lost from error
