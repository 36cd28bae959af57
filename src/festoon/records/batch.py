"""Batches: many rows by one verb, each checked by the rules of a single one, refusals listed by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from festoon.base.words import Words

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not taken: its place in the batch (from 0), the field, and why."""

    index: int
    field: str
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Batch:
    """How many rows were taken, and which were not."""

    taken: int
    refused: list[RefusedRow] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """As JSON: what a key remembers and the API answers."""
        refused = [{"index": r.index, "field": r.field, "code": r.code, **r.words.to_data()} for r in self.refused]
        return {"taken": self.taken, "refused": refused}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Batch:
        """Back from `to_data`."""
        refused = [RefusedRow(r["index"], r["field"], r["code"], Words(r["en"], r["zh"])) for r in data["refused"]]
        return cls(data["taken"], refused)


class Wrong(Exception):
    """What is wrong with one value; the batch adds the row and the field."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code = code
        self.words = Words(en, zh)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row: how its value is read (raises Wrong) and what stands for it when it is left out."""

    name: str
    read: Callable[[Any], Any]
    default: Any = REQUIRED

    def value(self, row: Mapping[str, Any]) -> Any:
        """The row's value of this field; raises Wrong."""
        if self.name in row:
            return self.read(row[self.name])
        if self.default is REQUIRED:
            raise Wrong("missing", "This field is missing.", "缺少这个字段。")
        return self.default() if callable(self.default) else self.default


def read_rows(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], unique: Sequence[str], refused: list[RefusedRow]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows that hold together, with their place; the others go to `refused`, one reason each.

    A field nobody knows, a field that is missing, a value that is wrong, a row whose `unique` fields came before.
    """
    names, seen = {column.name for column in columns}, set()
    for index, row in enumerate(rows):
        found: dict[str, Any] = {}
        name = ""
        try:
            name = next(iter(row.keys() - names), "")
            if name:
                raise Wrong("unknown_field", "There is no such field.", "没有这个字段。")
            for column in columns:
                name = column.name
                found[name] = column.value(row)
            name = unique[0]
            if (mark := tuple(row[part] for part in unique)) in seen:
                raise Wrong("twice", "This row came before in the same batch.", "同一批中已有这一行。")
        except Wrong as wrong:
            refused.append(RefusedRow(index, name, wrong.code, wrong.words))
        else:
            seen.add(mark)
            yield index, found
