"""The processes of a demonstration: the server and the town, neither of which outlives it."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

FESTOON = (sys.executable, "-m", "festoon.cli")
PATIENCE = 60.0
DIE = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""


class Child:
    """One festoon command as a process beside this one; what it prints goes to a file."""

    def __init__(self, *command: str, log: Path) -> None:
        self.log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [*FESTOON, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_parent,
                start_new_session=True,
            )

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def end(self, patience: float = 15.0) -> None:
        """Let it finish what it has in hand; after `patience` seconds no longer."""
        if self.ended:
            return
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(patience)


def serve(port: int, log: Path) -> Child:
    """A server that answers. Raises RuntimeError with the end of its log when it does not."""
    child = Child("serve", "--port", str(port), log=log)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not child.ended:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=2):
                return child
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    child.end()
    raise RuntimeError(f"The server did not come up:\n{log.read_text(errors='replace')[-2000:]}")


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there, else the next that is free."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"No free port from {wanted} on.")


def _end_with_parent() -> None:
    """Even when this program is killed outright, Linux then ends the child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE, signal.SIGTERM)
