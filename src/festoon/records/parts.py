"""Many values, a part at a time: a statement that asks for a hundred thousand codes at once is one no database likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SIZE = 1000


def in_parts(values: Sequence[T], size: int = SIZE) -> list[Sequence[T]]:
    """`values` in their order, in parts of at most `size`; no part when there are none."""
    return [values[start : start + size] for start in range(0, len(values), size)]
