"""A question to the database by its name, in both dialects, whose tables and columns are the models'.

For what is asked thousands of times a second or by every verb; everything else asks through the models. Rows come as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Field, Model

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_known: dict[str, Select] = {}


@dataclass(frozen=True, slots=True)
class Select:
    """One question: `sqlite` takes `:name`, `postgres` takes `$1` for the first of `parameters`, and so on."""

    name: str
    sqlite: str
    postgres: str
    parameters: Sequence[str]

    def row(self, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The first row, through Django's connection of this thread."""
        connection.ensure_connection()
        raw = connection.connection
        with connection.wrap_database_errors:
            if connection.vendor == "sqlite":
                found = raw.execute(self.sqlite, values).fetchone()
            else:
                found = raw.execute(self._named().encode(), values, prepare=True).fetchone()
        row: Sequence[Any] | None = found
        return row

    def _named(self) -> str:
        """As psycopg takes it."""
        numbers = {str(place): name for place, name in enumerate(self.parameters, 1)}
        return re.sub(r"\$(\d+)", lambda found: f"%({numbers[found[1]]})s", self.postgres.replace("%", "%%"))


class Names:
    """What a model calls itself in SQL: `{Hold}` is its table, `{Hold.shopper}` a column."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    def __format__(self, spec: str) -> str:
        return f'"{self._model._meta.db_table}"'

    def __getattr__(self, field: str) -> str:
        found = self._model._meta.get_field(field)
        assert isinstance(found, Field)
        return f'"{found.column}"'


def select(name: str, sqlite: str, postgres: str, **tables: type[Model]) -> Select:
    """Name a question. Tables and columns are written `{Hold}` and `{Hold.state}`, parameters `:id`.

    The name is unique in the program.
    """
    if name in _known:
        raise ValueError(f"two questions are named {name}")
    names = {table: Names(model) for table, model in tables.items()}
    one, other = sqlite.format(**names), postgres.format(**names)
    parameters = list(dict.fromkeys(_PARAMETER.findall(one)))
    numbers = {parameter: f"${place}" for place, parameter in enumerate(parameters, 1)}
    _known[name] = Select(name, one, _PARAMETER.sub(lambda found: numbers[found[1]], other), parameters)
    return _known[name]


def every() -> Iterator[Select]:
    """All questions named so far: what the test prepares on both migrated databases."""
    yield from _known.values()
