"""The memory of a process that serves: the book and the goods are hundreds of thousands of things that stay.

Python looks through everything it holds for rings nobody reaches, and with a book of 10,000 offers one look stops every
request for a quarter of a second. So what stays is looked through once, when it came, and set apart.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

YOUNG = 10_000
"""So many new things until the youngest are looked through: thirty requests under way hold that many, and drop them."""
REST = 10
"""After setting apart what stays, so many times as long nothing is set apart again."""

Numbers = tuple[str, int | None, int]


class Memory:
    """What of this process stays; `clock` is a steady count of seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._apart: dict[str, Numbers] = {}
        self._rests_until = float("-inf")

    def wants(self, numbers: Numbers) -> bool:
        """Whether `holds` would set apart what is in memory now."""
        return self._apart.get(numbers[0]) != numbers and self._clock() >= self._rests_until

    def holds(self, numbers: Numbers) -> bool:
        """Say what is in memory now: a currency, the number of the goods and of its book; whether it was set apart.

        What is known already changes nothing; what comes while the process rests is set apart the next time it is said.
        """
        currency, began = numbers[0], self._clock()
        with self._lock:
            if self._apart.get(currency) == numbers or began < self._rests_until:
                return False
            set_apart()
            self._apart[currency] = numbers
            self._rests_until = self._clock() + REST * (self._clock() - began)
            return True


def set_apart() -> None:
    """Look through everything once, with what was set apart before, so that old books go; what is left is set apart."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    gc.unfreeze()
    gc.collect()
    gc.freeze()
