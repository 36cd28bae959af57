"""What a list is made of: its columns, filters, orders and tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.console.words import said
from festoon.records.viewer import Viewer

COUNTED = 9_999
"""Counts end here and say that there are more: nobody reads on, and no list waits for a count."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A state with how many are in it; None when that is not counted."""

    code: str
    label: str
    count: int | None
    href: str
    on: bool

    @property
    def over(self) -> bool:
        """Whether there are more than counted."""
        return self.count is not None and self.count > COUNTED


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what an export writes of a row (None: nothing), whether a page draws it and must."""

    code: str
    words: Words
    text: Callable[[Any], Any] | None = None
    number: bool = False
    always: bool = False
    drawn: bool = True

    @property
    def label(self) -> str:
        """Its head in the language of the page."""
        return said(self.words)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows a list: what stands when nothing is chosen, the choices, the column they are of."""

    code: str
    words: Words
    choices: Callable[[Viewer, str], Sequence[tuple[str, str]]]
    column: str


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: its words and its columns, falling or rising together, without nulls, ending in a unique one."""

    code: str
    words: Words
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter or an order as it is drawn: its choices, each (code, label, whether chosen)."""

    code: str
    label: str
    options: Sequence[tuple[str, str, bool]]


def counted(rows: QuerySet[Any], column: str = "pk") -> int:
    """How many rows there are, up to one more than is counted; `column` is one that the index they are found by holds."""
    return int(rows.order_by().values(column)[: COUNTED + 1].count())
