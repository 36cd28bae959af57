"""What every test stands on: one real database under test, real commits, and the counts of the level that is run.

The database is the one FESTOON_DATABASE_URL names, by default an SQLite file (never `:memory:`, which locks
differently from what shops run). Tests that touch a database say `@pytest.mark.django_db`; tests that start the whole
product beside themselves take `database_url`.
"""

import gc
import os
import sys
import uuid
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from tests import quick, rows
from tests import staged as staging
from tests.cast import cast as cast
from tests.prove import Rounds, proving, record, shown, wanted_count
from tests.staged import migrated_url as migrated_url
from tests.staged import staged as staged
from tests.staged import staged_url as staged_url

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_setup",
    "live_server",
    "database_url",
    "migrated_url",
    "staged_url",
}
WORLDS = {"cast", "shop", "small_world", "twins"}
"""Fixtures that begin a test with rows that are put back."""
FAILED = pytest.StashKey[bool]()

settings.register_profile("test", max_examples=60, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "prove",
    max_examples=wanted_count() or 5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("prove" if os.environ.get("FESTOON_PROVE") else "test")


QUICK = "tests.quick.Hasher"


def pytest_configure() -> None:
    """Passwords of tests guard nothing: they are hashed once, not a million times."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = [QUICK]


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector of garbage need not go through it again and again."""
    quick.answers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _once(item: pytest.Item) -> str | None:
    """Which of the two runs alone has it; None: it is not marked."""
    mark = item.get_closest_marker("once")
    return (mark.args or ("first",))[0] if mark else None


def _touches_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


OF_TWO: dict[str, Callable[[pytest.Item], bool]] = {
    "first": lambda item: _once(item) == "first" or (_once(item) is None and _touches_database(item)),
    "second": lambda item: _once(item) in (None, "second"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--of-two",
        choices=sorted(OF_TWO),
        help="one of two runs on two databases, side by side: what touches a database is in both, all else in one",
    )
    parser.addoption("--prove", metavar="PART", help="only the tests of this part, at large counts; ? lists the parts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Database tests commit for real: what a shop relies on, locks and unique keys among them, shows only then."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and not mark.kwargs.get("transaction"):
            item.add_marker(pytest.mark.django_db(**{**mark.kwargs, "transaction": True}), append=False)
    if run := config.getoption("--of-two"):
        _keep(config, items, [item for item in items if OF_TWO[run](item)])
    if wanted := config.getoption("--prove"):
        if wanted == "?":
            print("\n".join(f"part {name}" for name in {_part(item) for item in items} - {None}))
        _keep(config, items, [item for item in items if _part(item) == wanted])
        if proving() and "FESTOON_PROVE_SEED" not in os.environ:
            for item in items:
                if shown(item.nodeid):
                    item.add_marker(pytest.mark.skip(reason=f"shown before: var/prove/{wanted}.json"))


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _part(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("prove")
    return mark.args[0] if mark else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, made by Django; the store lets go of it before it is dropped. A copy of it as it came from
    the migrations is kept for products that are started (tests/staged.py).

    A test begins by putting rows back (tests/rows.py), so none is emptied after it, and the next goes on with the
    connection of the last.
    """
    from django.core.management import call_command
    from django.db import connections
    from django.test import TransactionTestCase

    from festoon.ledger.store import writer

    connections["default"].settings_dict["CONN_MAX_AGE"] = 0  # threads that end leave no connection behind
    TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[method-assign]
    TransactionTestCase._should_reload_connections = lambda self: False  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        staging.keep()
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        rows.set_aside(rows.NOBODY)
    yield
    writer.close()
    staging.let_go()


@pytest.fixture(autouse=True)
def begins(request: pytest.FixtureRequest) -> None:
    """Nobody is in the database, whatever the test before left there, unless a world is put back anyway."""
    if request.node.get_closest_marker("django_db") and not WORLDS & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        rows.put_back(rows.NOBODY)


@pytest.fixture(autouse=True)
def chains_of_its_own() -> Iterator[None]:
    """The rows are put back under the store, which goes on in a new chain of audit rows."""
    yield
    if store := sys.modules.get("festoon.ledger.store.writer"):
        store.forget()


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own, of the kind under test, for a product started as a process."""
    server = os.environ.get("FESTOON_DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'festoon.sqlite3'}"
        return
    name = f"festoon_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Iterator[Rounds]:
    """Seeds, as many as the level wants; see tests/prove.py."""
    made = Rounds(request.node.nodeid)
    yield made
    made.close(passed=not request.node.stash.get(FAILED, True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tells the seed a test failed at, and keeps book of proven tests that count for themselves."""
    report = yield
    if report.when != "call":
        return report
    item.stash[FAILED] = report.failed
    rounds = getattr(item, "funcargs", {}).get("rounds")
    if report.failed and rounds and rounds.seed is not None:
        report.sections.append(("seed", f"failed at seed {rounds.seed}; again with FESTOON_PROVE_SEED={rounds.seed}"))
    if rounds is None and _part(item) and proving() and not report.skipped:
        count = settings().max_examples if hasattr(getattr(item, "obj", None), "hypothesis") else 1
        record(item.nodeid, passed=report.passed, count=count, seconds=report.duration)
    return report
