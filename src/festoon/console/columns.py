"""What a list is made of: its columns, filters, orders and tabs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.console.words import said, state
from festoon.records.viewer import Viewer

Key = TypeVar("Key", bound=Hashable)
COUNTED = 9_999
"""Counts end here and say that there are more: nobody reads on, and no list waits for a count."""
ALL = Words("All", "全部")


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
    """One column: its head, what an export writes of a row (None: nothing), whether a page draws it and must.

    `cell`: what a page draws of a row, markup or text; None: what an export writes. `alike`: by what rows say the same.
    """

    code: str
    words: Words
    text: Callable[[Any], Any] | None = None
    number: bool = False
    always: bool = False
    drawn: bool = True
    cell: Callable[[Any], str] | None = None
    alike: Callable[[Any], Hashable] | None = None

    @property
    def label(self) -> str:
        """Its head in the language of the page."""
        return said(self.words)

    @property
    def draw(self) -> Callable[[Any], str]:
        """What a page draws of a row."""
        draw = self.cell or self.text
        assert draw, self.code
        return draw


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


def counted(several: Mapping[Key, QuerySet[Any]], column: str = "pk") -> dict[Key, int]:
    """How many rows each of several finds, up to one more than is counted: asked together, for asking takes longer than
    counting. `column` is one that the index they are found by holds.
    """
    if not several:
        return {}
    found = [each.order_by().values(column)[: COUNTED + 1].query for each in several.values()]
    asked = [each.get_compiler(connection=connection, elide_empty=False).as_sql() for each in found]
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({statement}) counted)" for statement, _ in asked)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _, values in asked for value in values])
        return dict(zip(several, cursor.fetchone(), strict=True))


def tabs_of(
    found: Mapping[str, int | None], whole: int | None, first: Words = ALL
) -> dict[str, tuple[str, int | None]]:
    """Tabs by state with what was counted, behind the first, which is for everything."""
    return {"": (said(first), whole)} | {code: (state(code).label, count) for code, count in found.items()}
