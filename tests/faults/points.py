"""Where a run lets a process die: at the most telling points always, at all of them with `make faults`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.prove import proving


def asked(points: Iterable[str], telling: set[str], once: frozenset[str] = frozenset()) -> list[Any]:
    """The points as parameters: those not `telling` wait for `make faults`, for a death takes ten seconds; what happens
    at those of `once` is the same on every database."""
    rarely = pytest.mark.skipif(not proving(), reason="with make faults")
    return [
        pytest.param(point, marks=[rarely] * (point not in telling) + [pytest.mark.once] * (point in once))
        for point in points
    ]
