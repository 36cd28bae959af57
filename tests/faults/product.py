"""A festoon really started: a process of its own on a free loopback port, with a database and a folder of its own."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.nursery import Child, Nursery

FESTOON = [sys.executable, "-m", "festoon.cli"]
SECRET = "the secret of the fault runner, which guards nothing"
PATIENCE = 60.0


class Product:
    """Starts, is killed, starts again on the same database: whole, or brought up by a nursery that has read it before."""

    def __init__(self, database_url: str, folder: Path, nursery: Nursery | None = None, path: str = "") -> None:
        """`path`: where its package lies, when that is not the one under test."""
        self.database_url = database_url
        self.folder = folder
        self._path = {"PYTHONPATH": path} if path else {}
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | Child | None = None
        self._nursery = nursery

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
        return kept | self._told

    @property
    def _told(self) -> dict[str, str]:
        return {
            "FESTOON_DATABASE_URL": self.database_url,
            "FESTOON_VAR": str(self.folder),
            "FESTOON_SECRET_KEY": SECRET,
            **self._path,
        }

    def start(self, *more: str, die_at: str = "", nth: int = 1) -> None:
        """Serve; `die_at` names a crash point at which the process kills itself the nth time it comes by."""
        self._run("serve", "--port", str(self.port), *more, die_at=die_at, nth=nth)
        self._wait()

    def work(self, *, die_at: str = "", nth: int = 1) -> None:
        """Only do the jobs."""
        self._run("work", die_at=die_at, nth=nth)

    def _run(self, *command: str, die_at: str, nth: int) -> None:
        if self._nursery:
            self.process = self._nursery.bring_up(
                *command, environment=self._told, log=self.log, die_at=die_at, nth=nth
            )
            return
        handles, more = _wish(die_at, nth) if die_at else ((), {})
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*FESTOON, *command],
                env=self.environment | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=handles[:1],
                preexec_fn=_die_with_parent,
            )
        # The reading end belongs to the product now; the writing end stays open here, as the crash points require.
        for handle in handles[:1]:
            os.close(handle)
        self._kept_open = handles[1:]

    def run(self, *command: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Another festoon command on the same database."""
        if self._nursery:
            return self._nursery.run(
                *command, environment=self._told, log=self.folder / f"{command[0]}.log", timeout=timeout
            )
        return subprocess.run(
            [*FESTOON, *command], env=self.environment, capture_output=True, text=True, timeout=timeout
        )

    @contextmanager
    def beside(self, *command: str) -> Iterator[None]:
        """Another festoon command, running as long as the block."""
        assert self._nursery is not None
        process = self._nursery.bring_up(*command, environment=self._told, log=self.folder / f"{command[0]}.log")
        try:
            yield
        finally:
            process.kill()
            process.wait(timeout=10)

    def enqueue(self, kind: str, args: dict[str, object]) -> None:
        """A job into the queue, as an operator's click would put it there."""
        self.hand("enqueue", kind, json.dumps(args))

    def hand(self, *command: str) -> None:
        """What an operator does; see tests/faults/hand.py."""
        assert self._nursery is not None
        words = ("-m", "tests.faults.hand", *command)
        self._nursery.run(*words, environment=self._told, log=self.folder / "hand.log", timeout=60).check_returncode()

    def kill(self) -> None:
        """kill -9: no warning, no clean-up."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=10)

    def is_dead(self, within: float) -> bool:
        """Whether the process ended by itself (at its crash point) within so many seconds."""
        assert self.process is not None
        try:
            self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            return False
        return self.process.returncode == -signal.SIGKILL

    def close(self) -> None:
        """The end of the test."""
        if self.process and self.process.poll() is None:
            self.kill()
        for handle in getattr(self, "_kept_open", ()):
            os.close(handle)
        self._kept_open = ()

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}\n{self.log.read_text()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/v1/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise AssertionError(f"the server did not answer\n{self.log.read_text()[-3000:]}")


def _wish(point: str, nth: int) -> tuple[tuple[int, int], dict[str, str]]:
    reading, writing = os.pipe()
    os.write(writing, f"festoon-fault-runner {point} {nth}\n".encode())
    return (reading, writing), {"FESTOON_CRASH_FD": str(reading)}


def _die_with_parent() -> None:
    """No server outlives the test run, even when that is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
