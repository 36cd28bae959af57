"""One statement put for the steps of many plans at once, and what its answer means for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from festoon.ledger.store.connection import Connection
from festoon.ledger.store.plan import Step

_encoded = msgspec.json.Encoder().encode
Steps = Sequence[tuple[int, Step]]
Hoped = Callable[[], bool]
"""Waits for what was asked in hope: whether it came as it should for everybody."""


class Question:
    """The `steps` are of one statement, each with the place of its plan. What several only want to know is asked once;
    what is written is written in the order of its first value, so that two groups lock rows in one order.
    """

    def __init__(self, connection: Connection, steps: Steps) -> None:
        self._statement = steps[0][1].statement.now
        self._rows: list[Mapping[str, Any]] = []
        self._parts: list[tuple[int, Step, list[int]]] = []
        if self._statement.reads:
            self._read(steps)
        else:
            self._write(steps, next(iter(self._statement.takes), ""))
        self._answer = connection.ask(self._statement, self._rows)

    def judge(self) -> tuple[dict[int, BaseException], set[int]]:
        """Which plans are refused, each with its reason; which have rows written."""
        if self._statement.sure:
            return {}, {place for place, _, _ in self._parts}
        counts = Counter(row[0] for row in self._answer())
        refused: dict[int, BaseException] = {}
        touched: set[int] = set()
        for place, step, numbers in self._parts:
            found = [counts[number] for number in numbers]
            if not self._statement.reads and any(found):
                touched.add(place)
            for count in found:
                if step.rows is not None and count != step.rows:
                    refused.setdefault(place, step.refuse or unexpected(self._statement.name, count))
        return refused, touched

    def fine(self) -> bool:
        """Whether nobody is refused."""
        return not self.judge()[0]

    def _read(self, steps: Steps) -> None:
        seen: dict[int, int] = {}
        known: dict[bytes, int] = {}
        for place, step in steps:
            numbers = []
            for values in each(step):
                number = seen.get(id(values))
                if number is None:
                    number = seen[id(values)] = known.setdefault(_encoded(values), len(known))
                    if number == len(self._rows):
                        self._rows.append(values)
                numbers.append(number)
            self._parts.append((place, step, numbers))

    def _write(self, steps: Steps, first: str) -> None:
        rows = [(values, at) for at, (_, step) in enumerate(steps) for values in each(step)]
        rows.sort(key=lambda row: str(row[0].get(first, "")))
        self._rows = [values for values, _ in rows]
        self._parts = [(place, step, []) for place, step in steps]
        for number, (_, at) in enumerate(rows):
            self._parts[at][2].append(number)


def hoped(connection: Connection, steps: Steps) -> Hoped | None:
    """Write the `steps`, of one statement, in hope. Where each adds one row of a name of its own, the database itself
    looks how many there are, and with one too few there is no commit: then there is nothing to wait for.
    """
    statement = steps[0][1].statement.now
    rows = [step.values for _, step in steps if step.rows == 1 and isinstance(step.values, dict)]
    if not statement.answers or len(rows) < len(steps):
        return Question(connection, steps).fine
    first = next(iter(statement.takes))
    rows.sort(key=lambda row: str(row[first]))
    connection.add(statement, rows)
    return None


def each(step: Step) -> Sequence[Mapping[str, Any]]:
    """The values of a step, one for each time it is run."""
    return [step.values] if isinstance(step.values, Mapping) else step.values


def unexpected(name: str, count: int) -> BaseException:
    """What nobody has a refusal for."""
    return AssertionError(f"{name} touched {count} rows")
