"""Named points at which a fault runner may have this process die, as a power cut would.

They do nothing unless the process was started by the fault runner: it passes the reading end of a pipe by its
number in FESTOON_CRASH_FD, into which it has written one line `festoon-fault-runner <point> <nth>` and which it
keeps open. A variable alone, without that pipe, changes nothing.
"""

from __future__ import annotations

import os
import signal
import stat
import threading

WORD = "festoon-fault-runner"


class _Wish:
    """Die the nth time the point is passed."""

    def __init__(self, point: str, nth: int) -> None:
        self.point = point
        self.left = nth
        self.lock = threading.Lock()


def _read_wish() -> _Wish | None:
    handle = os.environ.get("FESTOON_CRASH_FD", "")
    if not handle.isdigit():
        return None
    try:
        if not stat.S_ISFIFO(os.fstat(int(handle)).st_mode):
            return None
        os.set_blocking(int(handle), False)
        word, point, nth = os.read(int(handle), 200).decode().split()
    except (OSError, ValueError):
        return None
    return _Wish(point, int(nth)) if word == WORD else None


_wish = _read_wish()


def crash_point(name: str) -> None:
    """Die here at once, unannounced, if a fault runner asked for this point."""
    if _wish is None or _wish.point != name:
        return
    with _wish.lock:
        _wish.left -= 1
        if _wish.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
