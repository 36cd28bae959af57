"""What a template draws: one control of a form, with what stands in it and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from festoon.base.problems import Path, Problems
from festoon.base.words import Words
from festoon.console.words import said

Vocabulary = Callable[[Path], Sequence[tuple[str, Words]] | None]
NOTHING = Words("", "")


def no_words(path: Path) -> None:
    """A vocabulary that knows nothing: everything is typed."""
    del path


@dataclass(frozen=True, slots=True)
class Terms:
    """What a form is read and drawn in: its currency, its zone, whether a percentage is said as 折, and known codes.

    `problems` collects what cannot be read; `errors` are the words to show by the name of the control.
    """

    currency: str
    zone: str = "UTC"
    zhe: bool = False
    vocabulary: Vocabulary = no_words
    problems: Problems = field(default_factory=Problems)
    errors: Mapping[str, Sequence[Words]] = field(default_factory=dict)


@dataclass(slots=True)
class Option:
    """One of the values a control offers."""

    code: str
    words: Words
    on: bool = False

    @property
    def label(self) -> str:
        """In the language of the page."""
        return said(self.words)


@dataclass(slots=True)
class Row:
    """One row of a table, or one thing of a shelf with its fields."""

    name: str
    title: Words
    help: Words
    code: str
    controls: Sequence[Control]


@dataclass(slots=True)
class Control:
    """One field on the screen: `name` is where it stands in the data, its steps parted by dots."""

    name: str
    words: Words
    help: Words
    template: str
    required: bool
    errors: Sequence[Words] = ()
    text: str = ""
    prefix: str = ""
    suffix: str = ""
    mode: str = "text"
    options: Sequence[Option] = ()
    controls: Sequence[Control] = ()
    rows: Sequence[Row] = ()
    more: Any = None
    mark: str = ""
    """What a reviewer said is wrong with it."""

    @property
    def id(self) -> str:
        """Its id in the page."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def path(self) -> str:
        """The template that draws it."""
        return f"console/form/{self.template}.html"

    @property
    def label(self) -> str:
        """In the language of the page."""
        return said(self.words)

    @property
    def wrong(self) -> bool:
        """Whether something is wrong with it or inside of it."""
        inside = [*self.controls, *(each for row in self.rows for each in row.controls)]
        return bool(self.errors) or any(each.wrong for each in inside)


def dotted(path: Path) -> str:
    """A path as the name of a control."""
    return ".".join(str(step) for step in path)
