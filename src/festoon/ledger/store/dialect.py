"""Which of the two dialects speaks to a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.ledger.store.connection import Connection


def connect(settings: Mapping[str, Any]) -> Connection:
    """A connection to the database that Django's `settings` name; only its own driver is imported."""
    if "sqlite" in settings["ENGINE"]:
        from festoon.ledger.store.sqlite import SqliteConnection

        return SqliteConnection(settings)
    from festoon.ledger.store.postgres import PostgresConnection

    return PostgresConnection(settings)
