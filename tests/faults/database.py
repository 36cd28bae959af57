"""The database as it is on the disk, read past the product: what the checks after a crash believe."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]


class Database:
    """Plain SQL on the database under test, from outside."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, query: str) -> list[Row]:
        """All rows; the query must mean the same in both dialects."""
        with self._connection() as connection:
            return [dict(row) for row in connection.execute(query).fetchall()]

    def number(self, query: str) -> int:
        """The one figure that the query answers with; 0 for none."""
        (row,) = self.rows(query)
        (value,) = row.values()
        return int(value or 0)

    @staticmethod
    def json(value: Any) -> Any:
        """A column of JSON: text in one dialect, already read in the other."""
        return json.loads(value) if isinstance(value, str) else value

    @staticmethod
    def moment(value: Any) -> datetime:
        """A moment: text of UTC in one dialect, already read in the other."""
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value

    def write(self, statement: str) -> None:
        """Change something past the product: what only time or chance would bring about."""
        with self._connection() as connection:
            connection.execute(statement)
            connection.commit()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30)) as connection:
                connection.row_factory = sqlite3.Row
                yield connection
        else:
            with psycopg.connect(self.url, row_factory=dict_row) as other:
                yield other
