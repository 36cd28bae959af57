"""When a delivery that failed is tried again."""

from __future__ import annotations

import hashlib
from datetime import timedelta

WAITS = (5, 60, 300, 1_800, 7_200, 28_800, 86_400, 86_400, 86_400)
"""Seconds between a failure and the next try: about 3.4 days in all; after the last the delivery is dead."""
RESTS = (5, 15, 60, 300)
"""Seconds an endpoint that failed is left alone, so that one that is down takes nobody's time."""


def wait(attempts: int, of: str) -> timedelta | None:
    """How long to wait after the nth failure, 20 % more or less so that not all come at once; None: no more tries.

    The same delivery always waits the same: chance is its name's hash.
    """
    if attempts > len(WAITS):
        return None
    chance = int.from_bytes(hashlib.sha256(f"{of}:{attempts}".encode()).digest()[:4], "big") / 2**32
    return timedelta(seconds=WAITS[attempts - 1] * (0.8 + 0.4 * chance))


def rest(failures: int) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row."""
    return timedelta(seconds=RESTS[min(failures, len(RESTS)) - 1])
