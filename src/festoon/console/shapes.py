"""What the larger components draw: the steps of a way, tabs, and a matrix whose cells lead somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way; `state` is done, here, todo or wrong; without an address it cannot be gone to."""

    label: str
    state: str = "todo"
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a row or a column of a matrix."""

    label: str
    under: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `mark` is a mark of the matrix's key, `label` says it in words to whoever cannot see it."""

    mark: str
    label: str
    href: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell may say, as the key under the matrix explains it: an icon and a tone."""

    code: str
    label: str
    icon: str
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a matrix; None where nothing can be said, as of a thing with itself."""

    head: Head
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Heads over rows; `marks` is the key. `drawer`: cells open in the drawer."""

    label: str
    heads: Sequence[Head]
    rows: Sequence[Row]
    marks: Sequence[Mark] = field(default_factory=tuple)
    drawer: bool = True

    @property
    def tones(self) -> dict[str, str]:
        """The tone of each mark."""
        return {mark.code: mark.tone for mark in self.marks}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that were given as a file or as text, before they are taken: the first of them, and what is wrong."""

    name: str
    heads: Sequence[str]
    rows: Sequence[SheetRow]
    total: int
    wrong: int = 0

    @property
    def right(self) -> int:
        """How many rows can be taken."""
        return self.total - self.wrong


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it was given, by its number in the file, with what is wrong with it."""

    number: int
    cells: Sequence[str]
    errors: Sequence[str] = field(default_factory=tuple)
