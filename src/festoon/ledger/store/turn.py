"""One fair queue of SQLite writers: who came first writes first, the store's groups and Django's transactions alike.

SQLite has one writer and no queue: those who find it busy sleep and try again, and the unlucky starve. Here each
waits for its turn and is woken when it comes. PostgreSQL has queues of its own and takes no turn.
"""

from __future__ import annotations

import threading
from collections import deque

PATIENCE = 60.0


class TurnTimeout(Exception):
    """Nobody gave the turn back for a minute."""


class Turn:
    """The right to write one database; given from hand to hand in the order of asking."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def take(self, patience: float = PATIENCE) -> None:
        """Wait for the turn; raises TurnTimeout after `patience` seconds."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=patience):
            return
        with self._mutex:
            if gate in self._waiting:
                self._waiting.remove(gate)
                raise TurnTimeout

    def give(self) -> None:
        """Hand the turn to whoever waits longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_turns: dict[str, Turn] = {}
_making = threading.Lock()


def of(database: str) -> Turn:
    """The turn of one database file in this process."""
    with _making:
        return _turns.setdefault(str(database), Turn())
