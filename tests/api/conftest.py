"""The machine door in this process: the real application on the real database, spoken to over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, connections


@pytest.fixture
def door(transactional_db) -> Iterator:
    """A client of /v1. What a verb raises and the door does not turn into an answer shows as status 500."""
    from litestar.testing import TestClient

    from festoon.api import gate
    from festoon.api.app import application
    from festoon.ledger.store import writer

    gate.forget()
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0  # threads that end leave no connection behind
    with TestClient(application(), raise_server_exceptions=False) as client:
        yield client
    writer.close()


@pytest.fixture
def rows():
    """How many rows each table has: what a refused request must not change."""
    return count_rows


def count_rows() -> dict[str, int]:
    """Table → number of rows, of every table."""
    with connection.cursor() as cursor:
        counts = {}
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts
