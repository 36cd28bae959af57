"""What the store needs of a database: a connection of its own, durable, with savepoints and its errors by meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from festoon.ledger.store.plan import Row
from festoon.ledger.store.statement import Statement


class Clash(Exception):
    """A constraint of the database said no; the savepoint can be gone back to."""


class Busy(Exception):
    """The group lost a race of locks (deadlock, serialization, a lock waited for in vain); trying again may help."""


class Lost(Exception):
    """The connection is gone; whether the last commit was done is not known."""


class Connection(Protocol):
    """One connection of one writer. `run` answers how many rows were touched or found, and the rows found."""

    def begin(self) -> None:
        """Open the group's transaction, having waited for the turn."""

    def commit(self) -> None:
        """Make it durable and give the turn back."""

    def rollback(self) -> None:
        """Undo it and give the turn back."""

    def close(self) -> None:
        """End the connection."""

    def run(self, statement: Statement, values: Mapping[str, Any]) -> tuple[int, Sequence[Row]]:
        """Run one statement."""

    def savepoint(self) -> None:
        """Mark the place to go back to."""

    def release(self) -> None:
        """Forget the place."""

    def back(self) -> None:
        """Go back to the place and forget it."""
