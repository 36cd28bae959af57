"""Crash points are for the fault runner: whoever only sets the variable gets nothing."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
from festoon.ledger.store.crash import crash_point
crash_point("here"); crash_point("there"); print("alive", flush=True); crash_point("here"); print("still", flush=True)
"""


def run(variable: str, *handles: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "FESTOON_CRASH_FD": variable}, pass_fds=handles,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize("variable", ["", "here", "0", "99", "-1"])
def test_without_the_runners_pipe_nothing_happens(variable: str) -> None:
    assert run(variable) == (0, "alive\nstill\n")


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        (b"festoon-fault-runner here 1", (-9, "")),
        (b"festoon-fault-runner here 2", (-9, "alive\n")),
        (b"festoon-fault-runner here 3", (0, "alive\nstill\n")),
        (b"festoon-fault-runner elsewhere 1", (0, "alive\nstill\n")),
        (b"somebody-else here 1", (0, "alive\nstill\n")),
        (b"nonsense", (0, "alive\nstill\n")),
    ],
)
def test_with_it_the_process_dies_at_the_point_it_names(said: bytes, ended: tuple[int, str]) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, said)
        assert run(str(reading), reading) == ended
    finally:
        os.close(reading)
        os.close(writing)
