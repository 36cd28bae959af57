"""A named statement in both dialects, whose tables and columns are the models'; run for one row of values or many.

SQLite runs it once a row, or for all rows where it is named `together`. PostgreSQL runs it once for all of them: `FROM
{given}` is there the rows themselves, sent as `sending` says, and `:name` the column of a row. The statements of the program
are one table by name, and what runs is what stands in it: a test takes a guard away by putting a weaker statement in
its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Field, Model

from festoon.records.select import Names

PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_TYPES = {
    "BigAutoField": "bigint", "BigIntegerField": "bigint", "IntegerField": "integer", "BooleanField": "boolean",
    "DateTimeField": "timestamptz", "JSONField": "jsonb", "BinaryField": "bytea", "CharField": "text",
    "TextField": "text",
}  # fmt: skip
_LIST = re.compile(r"IN \(SELECT value FROM json_each\((:[a-z_]+)\)\)")
# With one row there is nothing to join: the rows go, and the comma, CROSS JOIN or FROM that brought them in.
_GIVEN = re.compile(r", \{given\}|\{given\}(?:,| CROSS JOIN) | FROM \{given\}(?!,| CROSS JOIN)")
_EACH = re.compile(r"json_each\((:[a-z_]+)\) AS ([a-z]+)")
_SENT = {"bytea": "text"}
_READ = {"bytea": "decode(%s, 'base64')"}
table: dict[str, Statement] = {}
"""Every statement of the program by its name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: `sqlite` takes `:name`, `postgres` one JSON of rows as `$1` (nothing when it has no parameters).

    `several` is SQLite's for more than one row, one JSON of them as `:rows`; empty where it is run for each. `added` is
    SQLite's for a row that is to be added or break a constraint, where it has words of its own for that.

    `spelled` are the parameters that SQLite is given as text: moments and lists.
    `takes` are its parameters and their types in PostgreSQL. `reads`: it changes nothing. `sure` statements write every
    row or break a constraint; of the others each row is counted. `answers` is the parameter that an INSERT gives back
    as a row's name. `documents` are the parameters whose values are JSON already. `locks`: nothing is wanted but to wait for
    others, which SQLite, with one writer at a time, is not asked for. `alike` are the parameters that several rows mostly
    have in common.
    """

    name: str
    sqlite: str
    postgres: str
    takes: Mapping[str, str] = field(default_factory=dict)
    answers: str = ""
    sure: bool = False
    reads: bool = False
    several: str = ""
    documents: Sequence[str] = ()
    spelled: Sequence[str] = ()
    locks: bool = False
    alike: tuple[str, ...] = ()
    added: str = ""

    @property
    def parameters(self) -> list[str]:
        """The names it takes."""
        return list(self.takes)

    @property
    def now(self) -> Statement:
        """What stands in the table under this name."""
        return table[self.name]


def statement(
    name: str,
    text: str,
    *,
    takes: str = "",
    answers: str = "",
    sure: bool = False,
    postgres: str = "",
    together: bool = False,
    locks: bool = False,
    alike: str = "",
    added: str = "",
    **tables: type[Model],
) -> Statement:
    """Name a statement; the name is unique in the program.

    Tables and columns are written `{Hold}` and `{Hold.state}`, parameters `:id`, the rows `{given}`, a row's number
    among them `{n}` (the first column of whatever is read). `takes` are parameters with their types (`id text, at
    timestamptz, codes text[]`), `postgres` what only PostgreSQL is told at the end. `together`: SQLite too reads for
    all rows at once, which gives up Python's lock once and not for each; where its plan begins with the rows.
    `alike`: parameters that rows written together mostly have in common, which PostgreSQL is then sent once. `added`: what
    SQLite is told where each row has to come to be: an INSERT that reads the table it writes is put by in a table of
    its own first, unless it is one row of VALUES.
    """
    if name in table:
        raise ValueError(f"two statements are named {name}")
    types = dict(part.strip().split(" ", 1) for part in takes.split(",") if part.strip())
    if unknown := set(PARAMETER.findall(text + added)) - set(types):
        raise ValueError(f"{name} takes {', '.join(sorted(unknown))} and does not say of which type")
    names = {other: Names(model) for other, model in tables.items()}
    one = _GIVEN.sub("", text).format(n="0", **names)
    reads, several = text.startswith("SELECT"), _several(text, types, names) if together else ""
    many = text.format(given=rows_of(types), n="given._n", **names) + _back(text, answers, sure)
    many = _EACH.sub(r"unnest(\1) AS \2(value)", _LIST.sub(r"= ANY(\1)", many))
    many = PARAMETER.sub(lambda found: said(found[1], types), many) + postgres.format(**names)
    documents = [each for each, kind in types.items() if kind == "jsonb"]
    spelled = [each for each, kind in types.items() if kind == "timestamptz" or kind.endswith("[]")]
    table[name] = Statement(
        name, one, many, types, answers, sure, reads, several, documents, spelled, locks, tuple(alike.split()),
        added.format(**names),
    )  # fmt: skip
    return table[name]


def insertion(name: str, model: type[Model], *fields: str) -> Statement:
    """Name the statement that adds rows as they are given; its parameters are the fields."""
    columns = ", ".join(getattr(Names(model), each) for each in fields)
    values = ", ".join(f":{each}" for each in fields)
    takes = ", ".join(f"{each} {_type(model, each)}" for each in fields)
    return statement(
        name,
        f"INSERT INTO {{m}} ({columns}) SELECT {values} FROM {{given}}",  # noqa: S608 names of models only
        takes=takes,
        sure=True,
        m=model,
    )


def every() -> Iterator[Statement]:
    """All statements named so far: what the test prepares on both migrated databases."""
    yield from table.values()


def rows_of(types: Mapping[str, str]) -> str:
    """PostgreSQL: the rows of the one JSON, numbered from 0; columns have a mark of their own, so no table's column is meant."""
    if not types:
        return "(SELECT 0 AS _n) AS given"
    form = ", ".join(f'"{name}" {_SENT.get(kind, kind)}' for name, kind in types.items())
    names = ", ".join(f'"{name}"' for name in types)
    marked = ", ".join(f'r."{name}" AS "_{name}"' for name in types)
    return (
        f"(SELECT r._n - 1 AS _n, {marked} FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS ({form}))"  # noqa: S608
        f" WITH ORDINALITY AS r({names}, _n)) AS given"
    )


def listable(types: Mapping[str, str]) -> bool:
    """Whether rows of these columns can be sent as a list a column."""
    return bool(types) and not any(kind.endswith("[]") for kind in types.values())


def columns_of(types: Mapping[str, str]) -> str:
    """PostgreSQL: the same rows of a list a column, which it reads in half the time; the last are their numbers."""
    columns = [
        f'unnest(${at}::{_SENT.get(kind, kind)}[]) AS "_{name}"' for at, (name, kind) in enumerate(types.items(), 1)
    ]
    return f"(SELECT {', '.join(columns)}, unnest(${len(types) + 1}::bigint[]) AS _n) AS given"


def _several(text: str, types: Mapping[str, str], names: Mapping[str, Names]) -> str:
    columns = ", ".join(f"json_extract(value, '$.{name}') AS _{name}" for name in types)
    rows = f"(SELECT key AS _n, {columns} FROM json_each(:rows)) AS given"  # noqa: S608 names of parameters only
    return PARAMETER.sub(r"given._\1", text).format(given=rows, n="given._n", **names)


def said(name: str, types: Mapping[str, str]) -> str:
    """PostgreSQL: a column of a row."""
    return _READ.get(types[name], "%s") % f"given._{name}"


def _back(text: str, answers: str, sure: bool) -> str:
    if sure or text.startswith("SELECT"):
        return ""
    return f" RETURNING {answers}" if text.startswith("INSERT") else " RETURNING given._n"


def _type(model: type[Model], name: str) -> str:
    found = model._meta.get_field(name)
    assert isinstance(found, Field)
    return _TYPES[getattr(found, "target_field", found).get_internal_type()]
