"""A PostgreSQL that waits for the disk, can be killed, and stands up again on the same data and the same port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import environment, postgres

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "100"}


class Cluster:
    """One server of ours."""

    def __init__(self, place: Path) -> None:
        self._place, self._account = place, postgres._account()
        if self._account:
            os.chown(place, self._account.pw_uid, self._account.pw_gid)
        self._binaries = postgres._binaries(place)
        postgres._initialise(self._binaries, place, self._account)
        self.port = postgres._free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://festoon@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Stand up; what a killed server left behind may take a moment to go."""
        kept = dict(postgres.SETTINGS)
        postgres.SETTINGS.update(DURABLE)
        try:
            for _ in range(20):
                self._server = postgres._start(self._binaries, self._place, self.port, self._account)
                if self._answers():
                    return
            raise AssertionError((self._place / "log").read_text()[-2000:])
        finally:
            postgres.SETTINGS.clear()
            postgres.SETTINGS.update(kept)

    def kill(self) -> None:
        """kill -9 of the postmaster; the others of its processes notice and end."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait(timeout=10)

    def take(self, url: str, other: str) -> bool:
        """Into this database of ours what the other holds; False where that cannot be, with nothing done."""
        tools = [self._binaries / name for name in ("pg_dump", "psql")]
        if not other.startswith("postgres") or not all(tool.exists() for tool in tools):
            return False
        dump = subprocess.run([tools[0], "--no-owner", other], check=True, capture_output=True)
        subprocess.run(
            [tools[1], "-qX1", "-v", "ON_ERROR_STOP=1", url], check=True, capture_output=True, input=dump.stdout
        )
        return True

    def end(self) -> None:
        """The end of the tests: at once, for nobody reads again what it would write down first."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(timeout=15)
            postgres._stop(self._server)

    def _answers(self) -> bool:
        assert self._server is not None
        until = time.monotonic() + 60
        while time.monotonic() < until and self._server.poll() is None:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.1)
        time.sleep(0.3)
        return False


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster for as long as the block."""
    place = Path(tempfile.mkdtemp(prefix="festoon-cluster-", dir=environment.DISK))
    try:
        cluster = Cluster(place)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.end()
    finally:
        shutil.rmtree(place, ignore_errors=True)
