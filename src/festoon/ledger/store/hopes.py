"""Whether a group is sent in the hope that all goes well, or with a look at each answer before the next statement."""

from __future__ import annotations

LONGEST = 64
"""Groups that are done with care, at the most, before another is sent in hope."""


class Hopes:
    """Of one connection. Each hope that fails costs its group a second go, so the next is put off twice as long."""

    def __init__(self) -> None:
        self._rest = 0
        self._next = 1

    def now(self) -> bool:
        """Whether this group may be sent in hope."""
        if not self._rest:
            return True
        self._rest -= 1
        return False

    def came_true(self) -> None:
        """All went well."""
        self._next = 1

    def failed(self) -> None:
        """Somebody was refused, or a key was known."""
        self._rest, self._next = self._next, min(LONGEST, self._next * 2)
