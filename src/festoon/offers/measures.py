"""How much an offer may cost, for the flows and ceilings of review: read from its draft, whatever its type.

`percent`: the deepest reduction it names, in basis points; `amount`: the most it names to take off one order, in minor
units; `number`: how many are given out; `budget`: what that comes to together. What a draft does not limit is not
measured here: the worst stack beside the review shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PERCENTS = ("basis_points", "percent")
AMOUNTS = ("off", "amount", "cap", "value")


def measures(draft: Mapping[str, Any]) -> dict[str, int]:
    """The measures of one draft; a measure it does not name is left out."""
    given = draft.get("with") or draft.get("benefit") or {}
    found = {
        "percent": max(_numbers(given, PERCENTS), default=0),
        "amount": max(_numbers(given, AMOUNTS), default=0),
        "number": _number(draft.get("terms") or {}),
    }
    found["budget"] = found["amount"] * found["number"]
    return {name: value for name, value in found.items() if value}


def _number(terms: Mapping[str, Any]) -> int:
    return int(terms.get("stock") or terms.get("units") or 0)


def _numbers(value: Any, names: tuple[str, ...]) -> Iterator[int]:
    """Every whole number under one of the names, at any depth."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in names and isinstance(each, int) and not isinstance(each, bool):
                yield each
            else:
                yield from _numbers(each, names)
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each, names)
