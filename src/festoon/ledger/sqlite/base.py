"""Django's SQLite back end: a writing transaction waits its turn in the same queue as the store's groups."""

from __future__ import annotations

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from festoon.ledger.store import turn


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the turn at BEGIN IMMEDIATE and gives it back at COMMIT, ROLLBACK or close."""

    _turn: turn.Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        mine = turn.of(self.settings_dict["NAME"])
        try:
            mine.take()
        except turn.TurnTimeout as error:
            raise OperationalError("nobody gave the turn to write back") from error
        self._turn = mine
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give()
            raise

    def _give(self) -> None:
        if self._turn is not None:
            mine, self._turn = self._turn, None
            mine.give()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._give()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give()
