"""A named statement in both dialects, whose tables and columns are the models'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Field, Model

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_known: dict[str, Statement] = {}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement by its name; `sqlite` takes `:name`, `postgres` takes `%(name)s`."""

    name: str
    sqlite: str
    postgres: str

    @property
    def parameters(self) -> list[str]:
        """The names it takes, each once, in the order of their first use."""
        return list(dict.fromkeys(_PARAMETER.findall(self.sqlite)))


class _Names:
    """What a model calls itself in SQL: `{Hold}` is its table, `{Hold.shopper}` a column."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    def __format__(self, spec: str) -> str:
        return f'"{self._model._meta.db_table}"'

    def __getattr__(self, field: str) -> str:
        found = self._model._meta.get_field(field)
        assert isinstance(found, Field)
        return f'"{found.column}"'


def statement(name: str, text: str, *, postgres: str = "", **tables: type[Model]) -> Statement:
    """Name a statement. `text` is what SQLite reads; `postgres`, when given, says it in the other dialect.

    Tables and columns are written `{Hold}` and `{Hold.state}`, parameters `:id`. The name is unique in the program.
    """
    if name in _known:
        raise ValueError(f"two statements are named {name}")
    names = {table: _Names(model) for table, model in tables.items()}
    sqlite, other = text.format(**names), (postgres or text).format(**names)
    _known[name] = Statement(name, sqlite, _PARAMETER.sub(r"%(\1)s", other.replace("%", "%%")))
    return _known[name]


def insertion(name: str, model: type[Model], *fields: str, ignore: bool = False) -> Statement:
    """Name the statement that adds one row; its parameters are the fields. `ignore`: an equal row may be there."""
    table = _Names(model)
    columns = ", ".join(getattr(table, field) for field in fields)
    values = ", ".join(f":{field}" for field in fields)
    rest = " ON CONFLICT DO NOTHING" if ignore else ""
    return statement(name, f"INSERT INTO {table} ({columns}) VALUES ({values}){rest}")  # noqa: S608 names of models only


def every() -> Iterator[Statement]:
    """All statements named so far: what the test prepares on both migrated databases."""
    yield from _known.values()
