"""How this process learns that the book has moved on: it looks at one number, at most two seconds old.

The age of what a process has in memory is no fact of any price, so it is measured by the machine's own steady clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import Error

from festoon.base.words import Words
from festoon.offers.numbers import queries
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM

FRESH = 2.0
STALE = 10.0


class Watch:
    """The number of the book as last read; `clock` is a steady count of seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._number = -1
        self._read_at = float("-inf")

    def number(self) -> int:
        """The number, read anew when it is two seconds old; raises 503 when it cannot be read for ten."""
        if self._clock() - self._read_at < FRESH:
            return self._number
        with self._lock:
            asked_at = self._clock()
            if asked_at - self._read_at >= FRESH:
                try:
                    self._number, self._read_at = queries.book_number(SYSTEM), asked_at
                except Error as error:
                    if asked_at - self._read_at >= STALE:
                        raise unreadable() from error
            return self._number

    def at_hand(self) -> int | None:
        """The number as far as it can be said without asking the database."""
        return self._number if self._clock() - self._read_at < FRESH else None

    def looked(self, number: int, asked_at: float) -> bool:
        """Take it from somebody who read the number, having asked at this count of `clock`: whether it is the same."""
        if number != self._number:
            return False
        self._read_at = max(self._read_at, asked_at)
        return True

    def clock(self) -> float:
        """The steady count of seconds it goes by."""
        return self._clock()

    def forget(self) -> None:
        """Read it anew next time: called when this process has moved it."""
        self._read_at = float("-inf")


def unreadable() -> Refusal:
    """The answer of a process that cannot know whether its book is still right: it does not sell."""
    words = Words(en="Prices cannot be confirmed just now; try again.", zh="暂时无法确认价格，请稍后重试。")
    return Refusal("book_unreadable", words, status=503)


watch = Watch()
