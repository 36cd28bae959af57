"""Events of what changed nothing, such as refused claims: counted, and told with the next group that writes.

What is told alike is one event with its `count`, so a storm of refusals is a few rows. A crash may lose it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

OWN = ("id", "at", "count")


class Notes:
    """What waits to be told."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: dict[tuple[tuple[str, Any], ...], dict[str, Any]] = {}

    def put(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Add events that can wait; each says `id`, `at` and what it is about."""
        with self._mutex:
            for event in events:
                mark = tuple((name, value) for name, value in event.items() if name not in OWN)
                found = self._waiting.setdefault(mark, {**event, "count": 0})
                found["count"] += event.get("count", 1)

    def take(self) -> list[dict[str, Any]]:
        """All of them; they wait no more."""
        with self._mutex:
            taken, self._waiting = list(self._waiting.values()), {}
        return taken
