"""What a form posts, as a tree: names parted by dots, rows numbered; every leaf a list of texts as they were typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from festoon.console.asked import whole
from festoon.records.listed import unmarked

DEEPEST = 10
MARK = "_"
"""A field of every row: it says that the row is there, and which thing of a shelf it is."""
Raw = dict[str, Any]


def tree(posted: Iterable[tuple[str, Sequence[str]]]) -> Raw:
    """The tree of the names that were posted; names that lead nowhere are left out."""
    found: Raw = {}
    for name, values in posted:
        steps = name.split(".")
        if len(steps) <= DEEPEST and all(steps):
            put(found, steps, list(values))
    return found


def put(raw: Raw, steps: Sequence[str], value: Any) -> None:
    """Set what stands at the end of the steps; a branch wins over a leaf of the same name."""
    *way, last = steps
    for step in way:
        if not isinstance(raw.get(step), dict):
            raw[step] = {}
        raw = raw[step]
    if not isinstance(raw.get(last), dict) or isinstance(value, dict):
        raw[last] = value


def at(raw: Any, steps: Iterable[str]) -> Any:
    """What stands at the end of the steps; None where nothing does. Rows count from 0, whatever their numbers are."""
    for step in steps:
        if not isinstance(raw, dict):
            return None
        place, there = whole(step), rows(raw)
        raw = there[place] if place is not None and place < len(there) else raw.get(step)
    return raw


def branch(raw: Any, name: str) -> Raw:
    """The branch of this name; an empty one where there is none."""
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}


def text(raw: Any) -> str:
    """What was typed into one field."""
    return str(raw[-1]).strip() if isinstance(raw, list) and raw else ""


def texts(raw: Any) -> list[str]:
    """What was typed or ticked, one a line, each once."""
    lines = (
        [line.strip() for value in raw for line in unmarked(str(value)).splitlines()] if isinstance(raw, list) else []
    )
    return list(dict.fromkeys(line for line in lines if line))


def rows(raw: Any) -> list[Raw]:
    """The rows in the order of their numbers."""
    numbered = raw.items() if isinstance(raw, dict) else ()
    found = [(at, row) for name, row in numbered if (at := whole(name)) is not None and isinstance(row, dict)]
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def numbered(found: Sequence[Raw]) -> Raw:
    """Rows as a branch."""
    return {str(at): {MARK: [""], **row} for at, row in enumerate(found)}


def flat(raw: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, list[str]]]:
    """The tree as it would be posted."""
    for name, value in raw.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
