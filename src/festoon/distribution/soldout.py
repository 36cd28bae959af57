"""Which stocks are known to be empty, so that a rush for what is gone costs the database no write.

Only the store's answer, read under the lock of the account, puts a stock here. What put something back, here or in
another process, is seen when the book moves on and at the latest after a second, when one claim asks the database again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from festoon.offers.version import Watch, watch

BELIEVED = 1.0
"""Seconds a stock is believed to be empty without another look."""


class SoldOut:
    """`clock` is a steady count of seconds, `book` says which book this process has."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, book: Watch = watch) -> None:
        self._clock = clock
        self._book = book
        self._gone: dict[str, tuple[int, float]] = {}

    def said(self, stock: str) -> None:
        """The database has just said that nothing is left."""
        self._gone[stock] = (self._book.number(), self._clock() + BELIEVED)

    def holds(self, stock: str) -> bool:
        """Whether nothing is left, as far as this process was told a moment ago."""
        found = self._gone.get(stock)
        if found is None:
            return False
        number, until = found
        if number == self._book.number() and self._clock() < until:
            return True
        self._gone.pop(stock, None)
        return False

    def forget(self) -> None:
        """Believe nothing."""
        self._gone.clear()


sold_out = SoldOut()
