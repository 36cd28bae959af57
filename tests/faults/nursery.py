"""`python -m tests.faults.nursery PARENT`: has read all that festoon reads before it starts, and brings up one festoon
after another from there, each a process of its own: dozens are killed in a run, hundreds at full counts, and reading
takes most of the time of a start. It opens no database and starts no thread.

Reads one order a line, `{"argv": […], "environment": {…}, "log": path, "wish": [point, nth] or null}`, and answers the
process's number. What it brings up belongs to PARENT, which waits for it and dies before it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

READ = (
    "festoon.api.app", "festoon.checkout.auditing", "festoon.cli.audit", "festoon.cli.main", "festoon.cli.serve",
    "festoon.cli.work", "festoon.config.asgi", "festoon.config.warming", "festoon.config.workers", "psycopg",
    "uvicorn.lifespan.on", "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto",
)  # fmt: skip
DIE_WITH_PARENT, TAKE_IN_ORPHANS = 1, 36
"""prctl: PR_SET_PDEATHSIG and PR_SET_CHILD_SUBREAPER."""


class Child:
    """A process that the nursery brought up, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it lives."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float) -> int:
        """How it ended, once it did."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.005)
        return code

    def kill(self) -> None:
        """kill -9."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """The nursery as its parent sees it."""

    def __init__(self, environment: dict[str, str]) -> None:
        ctypes.CDLL(None).prctl(TAKE_IN_ORPHANS, 1)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", str(os.getpid())],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def bring_up(self, *argv: str, environment: dict[str, str], log: Path, die_at: str = "", nth: int = 1) -> Child:
        """Start festoon with these words in this environment, or, after `-m`, a module of tests; what it says goes to `log`."""
        wish = [die_at, nth] if die_at else None
        order = {"argv": argv, "environment": environment, "log": str(log), "wish": wish}
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise RuntimeError(f"the nursery ended with {self._process.wait()} before festoon {argv[0]}") from None
        if not (born := self._process.stdout.readline()):
            raise RuntimeError(f"the nursery ended with {self._process.wait()} and brought up no festoon {argv[0]}")
        return Child(int(born))

    def run(
        self, *argv: str, environment: dict[str, str], log: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """The same, once it has ended; it said whatever stands in `log` afterwards."""
        log.unlink(missing_ok=True)
        code = self.bring_up(*argv, environment=environment, log=log).wait(timeout)
        return subprocess.CompletedProcess(argv, code, log.read_text(), "")

    def end(self) -> None:
        """No more children."""
        self._process.kill()
        with suppress(BrokenPipeError), self._process:  # closes its pipes too; an order it never took is lost with it
            pass


def main(parent: int) -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    for name in READ:
        importlib.import_module(name)
    from festoon.config.asgi import _read_screens

    _read_screens()
    gc.collect()
    gc.freeze()  # what was read stays: no child need go through it, and so copy it
    for line in sys.stdin:
        print(_born(json.loads(line), parent), flush=True)


def _born(order: dict[str, Any], parent: int) -> int:
    """Two forks, so that the new process is taken in by the tests and not by us."""
    reading, writing = os.pipe()
    between = os.fork()
    if not between:
        child = os.fork()
        if not child:
            os.close(reading)
            os.close(writing)
            _live(order, parent)
        os.write(writing, str(child).encode())
        os._exit(0)
    os.waitpid(between, 0)
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


def _live(order: dict[str, Any], parent: int) -> NoReturn:
    while os.getppid() != parent:
        time.sleep(0.001)
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    _move_in(order["environment"])
    if order["wish"]:
        _wish(*order["wish"])
    try:
        code = _run(*order["argv"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(*argv: str) -> int:
    from festoon.cli.main import main as festoon

    if argv[0] != "-m":
        sys.argv = ["festoon", *argv]
        return int(festoon(list(argv)) or 0)
    sys.argv = list(argv[1:])
    runpy.run_module(argv[1], run_name="__main__")
    return 0


def _move_in(environment: dict[str, str]) -> None:
    """Folder, database and secret of one's own: the settings are read once more, before anybody asked for the old ones."""
    for name in [name for name in os.environ if name.startswith("FESTOON_")]:
        del os.environ[name]
    os.environ.update(environment)
    from django.conf import settings
    from django.db import connections

    from festoon.config import settings as written

    for name, value in vars(importlib.reload(written)).items():
        if name.isupper():
            setattr(settings, name, value)
    connections._settings = None
    vars(connections).pop("settings", None)
    for alias in connections.settings:
        with suppress(AttributeError):
            del connections[alias]


def _wish(point: str, nth: int) -> None:
    """Where to die, said as the fault runner says it: through a pipe that stays open."""
    from festoon.ledger.store import crash

    reading, writing = os.pipe()
    os.write(writing, f"{crash.WORD} {point} {nth}\n".encode())
    os.environ["FESTOON_CRASH_FD"] = str(reading)
    crash._wish = crash._read_wish()


if __name__ == "__main__":
    main(int(sys.argv[1]))
