"""An even pace: so many a second, without catching up in a burst after a pause."""

from __future__ import annotations

import time


class Pace:
    """`pace()` returns when the next one may go."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second if a_second else 0.0
        self._next = 0.0

    def __call__(self) -> None:
        """Wait for the turn of the next one."""
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._next = max(self._next, time.monotonic()) + self._gap
