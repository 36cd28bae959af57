"""How the year comes along, for a terminal: a line that moves, or, where nobody looks, a line now and then."""

from __future__ import annotations

import sys
from datetime import datetime

from festoon.records.models import Job

SPARSE = 20.0
"""Seconds between two lines where nobody looks on."""


class Progress:
    """Told of the job every second; says what is new."""

    def __init__(self) -> None:
        self._looked_at = sys.stdout.isatty()
        self._last: tuple[str, float] = ("", 0.0)

    def tell(self, job: Job, now: datetime) -> None:
        """The state of the job at `now`."""
        text, moment = sentence(job, now), now.timestamp()
        if self._looked_at:
            print(f"\r\x1b[2K  {text}", end="", flush=True)
        elif text != self._last[0] and moment - self._last[1] >= SPARSE:
            print(f"  {text}", flush=True)
            self._last = (text, moment)

    def end(self, text: str) -> None:
        """The last word."""
        print(f"\r\x1b[2K  {text}" if self._looked_at else f"  {text}", flush=True)


def sentence(job: Job, now: datetime) -> str:
    """How far, how long still, what it does and how fast: `The year: 41 %, 1 min 20 s left. Baskets 8,000/155,848, 2,900/s`."""
    if not job.started_at or not job.total or not job.done:
        return f"The year: {job.state}. {job.note}".strip()
    seconds = max(1, int((now - job.started_at).total_seconds()))
    left = (job.total - job.done) * seconds // job.done
    percent = 100 * job.done // job.total
    return f"The year: {percent} %, {spell(left)} left. {job.note}".strip()


def spell(seconds: int) -> str:
    """`1 min 20 s`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
