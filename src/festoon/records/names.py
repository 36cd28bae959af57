"""What people call a row: its name in both languages, and the English one where nobody wrote a Chinese one."""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import Func, TextField, Value

from festoon.base.words import Words


class Named(Protocol):
    """A row that has a name: an offer, a campaign, a merchant, a person, a product."""

    name_en: str
    name_zh: str


def name_of(row: Named) -> Words:
    """The row's name, as words."""
    return Words(row.name_en, row.name_zh or row.name_en)


class Called(Func):
    """Code and names of a row as one text, Latin letters small: what a search by name looks through.

    A line break stands between them, which is in nothing that people search for. PostgreSQL compares it byte by byte:
    by its rules of languages it takes three times as long.
    """

    template, arg_joiner = "LOWER(%(expressions)s)", " || "
    output_field = TextField()

    def __init__(self) -> None:
        super().__init__("code", Value("\n"), "name_en", Value("\n"), "name_zh")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same, letters made small as SQLite does it: those of English."""
        return self.as_sql(compiler, connection, template='LOWER((%(expressions)s) COLLATE "C")', **context)


def as_called(text: str) -> str:
    """What somebody searches for, as `Called` would say it."""
    return "".join(each.lower() if each.isascii() else each for each in text)
