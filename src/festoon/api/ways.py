"""A way from the server's loop to the database, for questions by name: no thread is waited for.

On SQLite a read of a few rows is cheaper than the hop to a thread, so it is done on the loop; on PostgreSQL a few
connections are awaited. Both are opened when first asked and closed with the server.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

import asyncpg

from festoon.records.select import Select

MOST = 8
"""Connections to PostgreSQL for reading."""
PATIENCE = 5.0
"""Seconds until the database counts as not answering."""


class Way(Protocol):
    """Asks the database."""

    vendor: str

    async def rows(self, select: Select, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The answer."""

    async def close(self) -> None:
        """End the connections."""


class SqliteWay:
    """One connection that cannot write, used by the loop's own thread."""

    vendor = "sqlite"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._open: sqlite3.Connection | None = None

    async def rows(self, select: Select, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The answer."""
        if self._open is None:
            self._open = sqlite3.connect(self._settings["NAME"], isolation_level=None, check_same_thread=False)
            self._open.execute("PRAGMA query_only = ON")
        return self._open.execute(select.sqlite, values).fetchall()

    async def close(self) -> None:
        """End the connection."""
        if self._open is not None:
            self._open.close()
        self._open = None


class PostgresWay:
    """A pool of connections of the loop."""

    vendor = "postgresql"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given = {ours: settings[name] for ours, name in names.items() if settings.get(name)}
        given |= {name: how for name, how in settings.get("OPTIONS", {}).items() if name.startswith("ssl")}
        self._place = f"postgresql://?{urlencode(given)}"
        self._opening = asyncio.Lock()
        self._pool: Any = None

    async def rows(self, select: Select, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The answer."""
        pool = self._pool or await self._opened()
        given = [values[name] for name in select.parameters]
        found: Sequence[Sequence[Any]] = await pool.fetch(select.postgres, *given, timeout=PATIENCE)
        return found

    async def close(self) -> None:
        """End the connections."""
        if self._pool is not None:
            await self._pool.close()
        self._pool = None

    async def _opened(self) -> Any:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._place,
                    min_size=1,
                    max_size=MOST,
                    timeout=PATIENCE,
                    reset=_as_it_is,
                    server_settings={"timezone": "UTC", "default_transaction_read_only": "on"},
                )
        return self._pool


def way(settings: Mapping[str, Any]) -> Way:
    """The way to the database that Django's `settings` name."""
    return SqliteWay(settings) if "sqlite" in settings["ENGINE"] else PostgresWay(settings)


async def _as_it_is(_connection: Any) -> None:
    """Nothing is set on a connection, so nothing is set back: each reset would be one more round trip."""
