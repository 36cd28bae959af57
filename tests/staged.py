"""Databases for products that are started as processes: tables are made and the cast is staged once a run, and copied for
each test."""

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

from tests import environment
from tests.faults.product import SECRET

_kept: list[str] = []
"""The tables as the migrations make them, with nobody in them: migrating takes four seconds each time."""


def keep() -> None:
    """Now, as Django made the database under test for this run: it is copied for products that are started."""
    from django.db import connection

    _kept.append(url := _new(Path(environment.VAR) / f"{named()}.sqlite3"))
    under_test = str(connection.settings_dict["NAME"])
    if not (server := _server()):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [url.removeprefix("sqlite:///")])
        return
    connection.close()  # nobody may be in what is copied
    execute(server, "create database {} template {}", url, f"/{under_test}")


def let_go() -> None:
    """The end of the run."""
    while _kept:
        drop(_kept.pop())


@pytest.fixture(scope="session")
def staged(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database that holds the cast, to be copied only."""
    folder = tmp_path_factory.mktemp("staged")
    url = copied(_kept[0], folder / "cast.sqlite3")
    stage(url, folder)
    yield url
    drop(url)


@pytest.fixture
def staged_url(staged: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own, with the cast in it."""
    url = copied(staged, tmp_path / "festoon.sqlite3")
    yield url
    drop(url)


@pytest.fixture
def migrated_url(django_db_setup: None, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own, with the tables in it and nobody."""
    url = copied(_kept[0], tmp_path / "festoon.sqlite3")
    yield url
    drop(url)


def copied(url: str, file: Path) -> str:
    """The address of a copy: this file, or one more database of the server, to be dropped."""
    copy = _new(file)
    if server := _server():
        execute(server, "create database {} template {}", copy, url)
    else:
        shutil.copy(url.removeprefix("sqlite:///"), file)
    return copy


def _new(file: Path) -> str:
    """An address where nothing is."""
    server = _server()
    return f"{server.rsplit('/', 1)[0]}/{named()}" if server else f"sqlite:///{file}"


def drop(url: str) -> None:
    if server := _server():
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
    """The cast into the database at this address, in which nobody is; see tests/faults/stage.py."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
    told = {"FESTOON_DATABASE_URL": url, "FESTOON_VAR": str(folder), "FESTOON_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "tests.faults.stage", "a made-up password"]
    done = subprocess.run(command, env=kept | told, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    into_one_file(url)


def into_one_file(url: str) -> None:
    """What was written beside the file of an SQLite goes into it: it alone is copied."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _server() -> str:
    given = os.environ.get("FESTOON_DATABASE_URL", "")
    return given if given.startswith("postgres") else ""
