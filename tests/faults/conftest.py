"""Databases for products that are started as processes: the cast is staged once a run (tests/staged.py) and copied for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import staged
from tests.faults import cluster as clusters
from tests.faults.client_log import ClientLog
from tests.faults.cluster import Cluster
from tests.faults.database import Database
from tests.faults.nursery import Nursery
from tests.faults.product import Product
from tests.prove import proving

ON_CLUSTER = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of these tests' own that may be killed, with a database that holds the cast, to be copied only."""
    with clusters.running() as running:
        url = running.url.replace("/postgres", "/cast")
        staged.execute(running.url, "create database {}", url)
        if not running.take(url, request.getfixturevalue("staged")):
            staged.stage(url, tmp_path_factory.mktemp("cluster"))
        yield running


@pytest.fixture
def cluster(server: Cluster, request: pytest.FixtureRequest) -> Cluster:
    """The same; `database` is then a copy of the cast on it."""
    url = server.url.replace("/postgres", f"/{staged.named()}")
    staged.execute(server.url, "create database {} template {}", url, server.url.replace("/postgres", "/cast"))
    request.node.stash[ON_CLUSTER] = url
    return server


@pytest.fixture
def database_url(staged_url: str) -> str:
    """A database of this test's own, with the cast in it."""
    return staged_url


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Has read festoon once for all products that are killed."""
    kind = {name: os.environ[name] for name in ("FESTOON_DATABASE_URL",) if name in os.environ}
    reading = Product("", tmp_path_factory.mktemp("nursery")).environment
    made = Nursery({**reading, **kind})
    yield made
    made.end()


@pytest.fixture
def product(database_url: str, nursery: Nursery, tmp_path: Path) -> Iterator[Product]:
    """A product that is not started yet."""
    made = Product(database_url, tmp_path, nursery)
    yield made
    made.close()


@pytest.fixture
def whole(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Product]:
    """The same, that reads itself whenever it starts, as at an operator's: but at full counts."""
    made = Product(database_url, tmp_path, request.getfixturevalue("nursery") if proving() else None)
    yield made
    made.close()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """The same database, from outside."""
    on_cluster = "cluster" in request.fixturenames and request.getfixturevalue("cluster") is not None
    return Database(request.node.stash[ON_CLUSTER] if on_cluster else request.getfixturevalue("database_url"))


@pytest.fixture
def log() -> ClientLog:
    """An empty log of the client."""
    return ClientLog()
