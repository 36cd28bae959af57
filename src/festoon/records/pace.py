"""How large the chunks of a job may be, so that nobody waits long behind one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

COPIED = 4
"""Chunks after which SQLite's log is copied back: about a thousand pages."""


@dataclass(slots=True)
class Pace:
    """So many rows a chunk: more by a part in `part` while chunks are quicker than `goal` seconds, less at once when one
    was slower, to `left` of it at the most.

    Where it goes up by a fiftieth and down by two fifths, it comes to rest where one chunk in twenty-five is slower than
    the goal, whatever machine this is and whoever else uses its disk.
    """

    size: int
    goal: float
    least: int
    most: int
    part: int = 10
    left: float = 1.0
    chunks: int = 0

    @classmethod
    def here(cls) -> Pace:
        """SQLite has one turn to write, a job may hold it for 20 ms; PostgreSQL locks rows, and COPY likes many."""
        there = connection.vendor == "postgresql"
        return cls(10_000, 0.25, 1_000, 20_000) if there else cls(200, 0.017, 50, 1_000, part=50, left=0.6)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One chunk's turn to write: its work and its commit.

        SQLite copies its log back into the file at a commit when it has grown long: for ten milliseconds and more,
        while whoever commits has the turn. For a job that is done before, every few chunks and between turns.
        """
        yield
        self.chunks += 1
        if connection.vendor == "sqlite" and self.chunks % COPIED == 0:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def took(self, seconds: float) -> None:
        """Learn from a chunk."""
        if seconds > self.goal:
            self.size = max(self.least, int(self.size * max(0.5, min(self.left, self.goal / seconds))))
        else:
            self.size = min(self.most, self.size + self.size // self.part + 1)


def evenly(began: int, *, milliseconds: int) -> None:
    """Wait until a whole number of steps has passed since `began` (of `time.monotonic_ns`).

    So what was looked at in between cannot be told from how long it took.
    """
    step = milliseconds * 1_000_000
    gone = time.monotonic_ns() - began
    time.sleep((-gone % step) / 1e9)
