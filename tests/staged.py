"""Databases for products that are started as processes: the cast is staged once a run and copied for each test."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.faults.product import SECRET


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database that holds the cast, to be copied only."""
    folder = tmp_path_factory.mktemp("staged")
    server = _server()
    url = f"{server.rsplit('/', 1)[0]}/{named()}" if server else f"sqlite:///{folder / 'cast.sqlite3'}"
    if server:
        execute(server, "create database {}", url)
    stage(url, folder)
    yield url
    if server:
        execute(server, "drop database {} with (force)", url)


@pytest.fixture
def staged_url(staged: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own, with the cast in it."""
    server = _server()
    if not server:
        copy = tmp_path / "festoon.sqlite3"
        shutil.copy(staged.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
        return
    url = f"{server.rsplit('/', 1)[0]}/{named()}"
    execute(server, "create database {} template {}", url, staged)
    yield url
    execute(server, "drop database {} with (force)", url)


def named() -> str:
    """A name nobody has."""
    return f"festoon_{uuid.uuid4().hex}"


def execute(server: str, command: str, *urls: str) -> None:
    """One statement about the databases at these addresses."""
    names = [sql.Identifier(url.rsplit("/", 1)[1]) for url in urls]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(command).format(*names))


def stage(url: str, folder: Path) -> None:
    """The cast into the empty database at this address; see tests/faults/stage.py."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
    told = {"FESTOON_DATABASE_URL": url, "FESTOON_VAR": str(folder), "FESTOON_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "tests.faults.stage", "a made-up password"]
    done = subprocess.run(command, env=kept | told, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    if url.startswith("sqlite"):
        # Everything into the one file that is copied.
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _server() -> str:
    given = os.environ.get("FESTOON_DATABASE_URL", "")
    return given if given.startswith("postgres") else ""
