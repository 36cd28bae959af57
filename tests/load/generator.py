"""The load generator: wrk with a script of ours, on loopback only, for so many seconds, then no more.

wrk is compiled and keeps a fixed number of requests under way; what it costs itself is measured beside the server.
`apt-get install wrk` where it is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load.stage import KEY

SCRIPTS = Path(__file__).parent / "scripts"
LONGEST = 10
PATIENCE = 120
"""Seconds until everybody must have an answer, where so many are asked and no more."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a run came to: answers, the seconds it took, latencies in milliseconds, and the generator's own CPU."""

    requests: int
    seconds: float
    p50: float
    p99: float
    lost: int
    refused_by_status: int
    taken: int
    refused: int
    cpu: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    @property
    def share(self) -> float:
        """How much of one core the generator took."""
        return self.cpu / self.seconds


def demanded() -> None:
    """Ends the command before it has begun where there is no generator."""
    if not shutil.which("wrk"):
        raise SystemExit("make load: wrk is not on this machine; apt-get install wrk")


def run(url: str, script: str, *arguments: object, seconds: int, connections: int = 32) -> Said:
    """Ask `url` for so many seconds, or until the script says that it has ALL its answers; and say what came of it."""
    assert url.startswith("http://127.0.0.1:") and seconds in (*range(LONGEST + 1), PATIENCE)
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        f"{max(seconds, LONGEST)}s",
        "-s",
        str(SCRIPTS / script),
        url,
    ]
    process = subprocess.Popen(
        [*command, "--", KEY, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        if line == b"ALL\n":
            process.send_signal(signal.SIGINT)
        text += line.decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return _read(text, used.ru_utime + used.ru_stime)


def _read(text: str, cpu: float) -> Said:
    line = next((line for line in text.splitlines() if line.startswith("SAID ")), None)
    assert line, text
    told: dict[str, Any] = json.loads(line.removeprefix("SAID "))
    lost = told["connect"] + told["read"] + told["write"] + told["timeout"]
    return Said(
        told["requests"], told["micros"] / 1e6, told["p50"] / 1e3, told["p99"] / 1e3, lost, told["status"],
        told["taken"], told["refused"], cpu,
    )  # fmt: skip


def once(url: str, path: str, body: Any, key: str = "") -> int:
    """One request, so that the server has read what it keeps in memory; the status."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": key or "once"}
    request = urllib.request.Request(f"{url}{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def file_of(bodies: Sequence[Any]) -> Path:
    """The bodies, one a line, for a script."""
    handle, name = tempfile.mkstemp(prefix="festoon-load-", suffix=".jsonl")
    with os.fdopen(handle, "w") as out:
        out.writelines(json.dumps(body, separators=(",", ":")) + "\n" for body in bodies)
    return Path(name)


def rest(seconds: float = 0.5) -> None:
    """Let what was under way come to its end."""
    time.sleep(seconds)
