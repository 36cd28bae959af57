"""What is always true, as questions to a live database: used by `festoon audit`, the fault runs and the console.

Each names the cases it looked at and what it found broken, in sentences for an operator. An invariant that cannot be
broken on purpose does not count: tests/checkout/test_invariants.py breaks each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from festoon.base.words import Words


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


def every() -> list[Invariant]:
    """All invariants, cheapest first."""
    from festoon.checkout.invariants import given_back, handed_out, ledgers, prices, recorded, scarce

    rooms = (scarce, handed_out, ledgers, prices, given_back, recorded)
    return [invariant for room in rooms for invariant in room.INVARIANTS]
