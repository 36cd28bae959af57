"""A product started as a process of its own, on a database of this test's own, spoken to over a real socket."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

PATIENCE = 60


@dataclass
class Served:
    """The process and a client of it."""

    process: subprocess.Popen
    client: httpx.Client
    said: str


@contextmanager
def served(database_url: str, folder, *more: str) -> Iterator[Served]:
    """`festoon serve` on a free port, ended with the block. Fails when it does not say that it serves."""
    env = {**os.environ, "FESTOON_DATABASE_URL": database_url, "FESTOON_VAR": str(folder)}
    command = [sys.executable, "-m", "festoon.cli.main", "serve", "--port", "0", *more]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = _first_line(process)
        found = re.search(r"http://[\d.]+:\d+/", said)
        assert found, f"it said: {said}"
        with httpx.Client(base_url=found[0], timeout=20, trust_env=False) as client:
            yield Served(process, client, said)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def festoon(database_url: str, folder, *command: str) -> str:
    """Another festoon command on the same database; what it printed."""
    return _run(database_url, folder, "-m", "festoon.cli.main", *command)


def migrate(database_url: str, folder) -> None:
    """`festoon migrate`."""
    festoon(database_url, folder, "migrate")


def _run(database_url: str, folder, *arguments: str) -> str:
    env = {**os.environ, "FESTOON_DATABASE_URL": database_url, "FESTOON_VAR": str(folder)}
    done = subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _first_line(process: subprocess.Popen) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    assert ready, "it said nothing"
    return process.stdout.readline() + ("" if process.poll() is None else process.stdout.read())
