"""How much an offer may cost, for the flows and ceilings of review: read from its draft, whatever its type.

`percent`: the deepest reduction it names, in basis points; `amount`: the most it names to take off one order, in minor
units; `number`: how many are given out; `budget`: what that comes to together. A coupon without a stock has None of both:
it has no end, and is above whatever anybody may submit alone. What else a draft does not limit is not measured here: the
worst stack beside the review shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PERCENTS = ("basis_points", "percent")
AMOUNTS = ("off", "amount", "cap", "value")


def measures(draft: Mapping[str, Any]) -> dict[str, int | None]:
    """The measures of one draft; a measure it does not name is left out, one without end is None."""
    given = draft.get("with") or draft.get("benefit") or {}
    amount, number = max(_numbers(given, AMOUNTS), default=0), _number(draft.get("terms") or {})
    found = {
        "percent": max(_numbers(given, PERCENTS), default=0),
        "amount": amount,
        "number": number,
        "budget": None if number is None else amount * number,
    }
    return {name: value for name, value in found.items() if value != 0}


def _number(terms: Mapping[str, Any]) -> int | None:
    if "stock" in terms:
        return None if terms["stock"] is None else int(terms["stock"])
    return int(terms.get("units") or 0)


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
