"""The machine door in this process: the real application on the real database, spoken to over HTTP."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.cast import cast  # noqa: F401


@pytest.fixture
def door(transactional_db) -> Iterator:
    """A client of /v1. What a verb raises and the door does not turn into an answer shows as status 500."""
    from litestar.testing import TestClient

    from festoon.ledger.store import writer

    forget_everything()
    with TestClient(whole(), raise_server_exceptions=False) as client:
        yield client
    writer.close()


@pytest.fixture
def rows():
    """How many rows each table has: what a refused request must not change."""
    return count_rows


def count_rows() -> dict[str, int]:
    """Table → number of rows, of every table but the one in which wrong codes are counted: that is their answer."""
    tables = sorted({*connection.introspection.table_names()} - {"coupons_wrongtry"})
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return dict(cursor.fetchall())


@functools.cache
def app():
    """The application, built once a run."""
    from festoon.api.app import application

    return application()


@functools.cache
def whole():
    """The application as it is served, with what stands before it."""
    from festoon.api.app import served

    return served()


def forget_everything() -> None:
    """What this process keeps in memory of the database, which is another one from test to test."""
    from festoon.api import gate
    from festoon.catalog import goods
    from festoon.checkout import book
    from festoon.checkout.facts import merchants
    from festoon.distribution import claimable
    from festoon.offers.version import watch

    for kept in (gate, goods, book, merchants, claimable, watch):
        kept.forget()
