"""Where a figure is taken: a database of its own with the workload in it, and products really started on it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.faults.database import Database
from tests.faults.product import SECRET, Product

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("world.py", "stage.py")
TICKS = os.sysconf("SC_CLK_TCK")


class House:
    """One database with its products; `pgbench` is where the anchor runs, whichever database is measured."""

    def __init__(self, kind: str, url: str, folder: Path, pgbench: str) -> None:
        self.kind, self.url, self.folder, self.pgbench = kind, url, folder, pgbench
        self.database = Database(url)

    @property
    def environment(self) -> dict[str, str]:
        """What a process on this database is told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
        told = {"FESTOON_DATABASE_URL": self.url, "FESTOON_VAR": str(self.folder), "FESTOON_SECRET_KEY": SECRET}
        return kept | told | {"DJANGO_SETTINGS_MODULE": "festoon.config.settings"}

    @contextmanager
    def served(self, *more: str, many: int = 1, path: str = "") -> Iterator[list[Product]]:
        """So many server processes, ended with the block; `path` where they are another build than the one under test."""
        with ExitStack() as stack:
            products = []
            for _ in range(many):
                product = Product(self.url, self.folder, path=path)
                stack.callback(product.close)
                product.start("--no-work", *more)
                products.append(product)
            yield products

    def run(self, *command: str, timeout: int = 120) -> subprocess.CompletedProcess[str]:
        """A Python module on this database."""
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            timeout=timeout,
        )  # fmt: skip


def cpu(product: Product) -> float:
    """Seconds of CPU a server process has used."""
    assert product.process is not None
    fields = Path(f"/proc/{product.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Stages:
    """The workload, staged once a kind of database and copied for every figure."""

    def __init__(self, postgres: str) -> None:
        self._postgres = postgres
        self._staged: dict[str, str] = {}

    @contextmanager
    def house(self, kind: str) -> Iterator[House]:
        """A database with the workload in it, gone after the block."""
        folder = Path(tempfile.mkdtemp(prefix="festoon-load-"))
        staged = self._staged.get(kind) or self._staged.setdefault(kind, self._stage(kind))
        try:
            if kind == "sqlite":
                shutil.copy(staged, folder / "festoon.sqlite3")
                yield House(kind, f"sqlite:///{folder / 'festoon.sqlite3'}", folder, self._postgres)
                return
            name = f"load_{uuid.uuid4().hex[:12]}"
            self._say("CREATE DATABASE {} TEMPLATE {}", name, staged)
            try:
                yield House(kind, f"{self._postgres.rsplit('/', 1)[0]}/{name}", folder, self._postgres)
            finally:
                self._say("DROP DATABASE {} WITH (FORCE)", name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _stage(self, kind: str) -> str:
        """The staged database: for SQLite a file that is kept as long as tables and workload are the same."""
        if kind == "postgresql":
            self._say("CREATE DATABASE {}", "load_staged")
            self._fill(f"{self._postgres.rsplit('/', 1)[0]}/load_staged")
            self._say("ALTER DATABASE {} CONNECTION LIMIT 0", "load_staged")
            return "load_staged"
        file = ROOT / "var" / "bench" / "stage" / f"{_hash()}.sqlite3"
        if not file.exists():
            shutil.rmtree(file.parent, ignore_errors=True)
            file.parent.mkdir(parents=True)
            aside = file.with_suffix(".part")
            self._fill(f"sqlite:///{aside}")
            _settle(aside)
            aside.rename(file)
        return str(file)

    def _fill(self, url: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            house = House("", url, Path(folder), self._postgres)
            done = house.run("tests.load.stage", timeout=600)
        if done.returncode:
            raise SystemExit(f"make load: the workload was not taken\n{done.stderr[-3000:]}")

    def _say(self, command: str, *names: str) -> None:
        with psycopg.connect(self._postgres, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


def _hash() -> str:
    """Of the tables and of the workload: what a staged file depends on."""
    files = [*ROOT.glob("src/festoon/*/migrations/*.py"), *(ROOT / "tests" / "load" / name for name in PARTS)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:16]


def _settle(file: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(file)
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
