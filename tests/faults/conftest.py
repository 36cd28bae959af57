"""Databases for products that are started as processes: the cast is staged once a run and copied for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.faults import cluster as clusters
from tests.faults.client_log import ClientLog
from tests.faults.cluster import Cluster
from tests.faults.database import Database
from tests.faults.product import SECRET, Product

ON_CLUSTER = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database that holds the cast, to be copied only."""
    folder = tmp_path_factory.mktemp("staged")
    server = _server()
    url = f"{server.rsplit('/', 1)[0]}/{_named()}" if server else f"sqlite:///{folder / 'cast.sqlite3'}"
    if server:
        _execute(server, "create database {}", url)
    _stage(url, folder)
    yield url
    if server:
        _execute(server, "drop database {} with (force)", url)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of these tests' own that may be killed, with a database that holds the cast, to be copied only."""
    with clusters.running() as running:
        url = running.url.replace("/postgres", "/cast")
        _execute(running.url, "create database {}", url)
        _stage(url, tmp_path_factory.mktemp("cluster"))
        yield running


@pytest.fixture
def cluster(server: Cluster, request: pytest.FixtureRequest) -> Cluster:
    """The same; `database` is then a copy of the cast on it."""
    url = server.url.replace("/postgres", f"/{_named()}")
    _execute(server.url, "create database {} template {}", url, server.url.replace("/postgres", "/cast"))
    request.node.stash[ON_CLUSTER] = url
    return server


@pytest.fixture
def database_url(staged: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own, with the cast in it."""
    server = _server()
    if not server:
        copy = tmp_path / "festoon.sqlite3"
        shutil.copy(staged.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
        return
    url = f"{server.rsplit('/', 1)[0]}/{_named()}"
    _execute(server, "create database {} template {}", url, staged)
    yield url
    _execute(server, "drop database {} with (force)", url)


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Product]:
    """A product that is not started yet."""
    made = Product(database_url, tmp_path)
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


def _server() -> str:
    given = os.environ.get("FESTOON_DATABASE_URL", "")
    return given if given.startswith("postgres") else ""


def _named() -> str:
    return f"festoon_{uuid.uuid4().hex}"


def _execute(server: str, command: str, *urls: str) -> None:
    names = [sql.Identifier(url.rsplit("/", 1)[1]) for url in urls]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(command).format(*names))


def _stage(url: str, folder: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
    told = {"FESTOON_DATABASE_URL": url, "FESTOON_VAR": str(folder), "FESTOON_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "tests.faults.stage", "a made-up password"]
    done = subprocess.run(command, env=kept | told, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    if url.startswith("sqlite"):
        _settle(url)


def _settle(url: str) -> None:
    """Everything into the one file that is copied."""
    import sqlite3

    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
