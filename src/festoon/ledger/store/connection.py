"""What the store needs of a database: a connection of its own, durable, with savepoints and its errors by meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from festoon.ledger.store.hopes import Hopes
from festoon.ledger.store.plan import Row
from festoon.ledger.store.statement import Statement

Values = Sequence[Mapping[str, Any]]
Answer = Callable[[], Sequence[Row]]
"""Waits for what a statement answers: each row found or touched begins with the number of the values it is for."""


class Clash(Exception):
    """A constraint of the database said no; the savepoint, or the beginning, can be gone back to."""


class Busy(Exception):
    """The group lost a race of locks (deadlock, serialization, a lock waited for in vain); trying again may help."""


class Lost(Exception):
    """The connection is gone; whether the last commit was done is not known."""


class Connection(Protocol):
    """One connection of one writer. What is asked may be sent later, but in order; what goes wrong is said with the
    next answer, or at the commit.
    """

    hopes: Hopes
    apart: bool
    """Whether the database works in a process of its own, so that something else can be done meanwhile."""

    def begin(self, *, together: bool) -> None:
        """Open a transaction, having waited for the turn; `together`: without savepoints, so statements may travel
        together.
        """

    def commit(self) -> None:
        """Make it durable and give the turn back."""

    def rollback(self) -> None:
        """Undo it and give the turn back."""

    def close(self) -> None:
        """End the connection."""

    def ask(self, statement: Statement, values: Values) -> Answer:
        """Run one statement for all `values`, in one go or one after another."""

    def add(self, statement: Statement, values: Values) -> None:
        """Run an INSERT that adds a row for each of `values`; if one comes to nothing, there is no commit but a Clash."""

    def push(self, *, answers: bool = False) -> None:
        """Let the database begin with what was asked, without waiting; `answers`: it says at once what it found."""

    def look(self) -> None:
        """Let the database look for the rows that others name as soon as these are written, not all at the commit."""

    def savepoint(self) -> None:
        """Mark the place to go back to."""

    def release(self) -> None:
        """Forget the place."""

    def back(self) -> None:
        """Go back to the place and forget it."""
