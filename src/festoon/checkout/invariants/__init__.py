"""What is always true, as questions to a live database: used by `festoon audit`, the fault runs and the console.

Each names the cases it looked at and what it found broken, in sentences for an operator. An invariant that cannot be
broken on purpose does not count: tests/checkout/test_invariants.py breaks each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection, transaction

from festoon.base.words import Words

LEEWAY = timedelta(seconds=60)
"""A row says the moment it was asked for. By so much the clocks of two machines may differ, who asks may wait for a group, and a
process may be behind a release, a recall or a stop; what lies closer than that to one of them is judged by either side of it.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """How many cases were looked at, and what is wrong with any."""

    cases: int
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One promise: its code, what it says, and how it is checked at a moment."""

    code: str
    words: Words
    check: Callable[[datetime], Finding]


def look(invariant: Invariant, now: datetime) -> Finding:
    """Check it on one moment's picture of the database, while others go on writing; nobody waits for it."""
    with _picture():
        return invariant.check(now)


@contextmanager
def _picture() -> Iterator[None]:
    """All questions inside see the same commits. Inside a transaction of the caller it is the caller's picture."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # a transaction of Django's would take SQLite's one turn to write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def every() -> list[Invariant]:
    """All invariants, in the order of the installation's list: cheapest first."""
    found: list[Invariant] = []
    for room in settings.FESTOON_INVARIANTS:
        found += import_module(room).INVARIANTS
    return found
