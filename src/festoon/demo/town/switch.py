"""The switch of the town, for the console: whether it lives, since when, by whom, and how its flash sale went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from festoon.records import jobs, queries
from festoon.records.models import Job
from festoon.records.viewer import SYSTEM, Viewer

KIND = "town"
AWAKE = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Flash:
    """The flash sale: who came, who got a unit, and what the others were told, counted by the code of the refusal."""

    offer: str
    units: int
    opens_at: datetime
    came: int = 0
    granted: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether everybody who came has an answer."""
        return self.came > 0 and self.came == self.granted + sum(self.refused.values())


@dataclass(frozen=True, slots=True)
class Town:
    """How the town stands: `running` as asked for, `alive` when its process was heard of within its lease."""

    running: bool
    alive: bool
    since: datetime | None
    by: str
    visits: int
    flash: Flash | None


def status(viewer: Viewer, *, now: datetime) -> Town:
    """The town as it is now; a town that never lived is not running."""
    job = queries.jobs(viewer).filter(kind=KIND).first()
    if job is None:
        return Town(running=False, alive=False, since=None, by="", visits=0, flash=None)
    alive = job.state == "running" and job.lease_until is not None and job.lease_until > now
    return Town(
        running=job.state in AWAKE, alive=alive, since=job.created_at, by=job.by, visits=job.done, flash=flash_of(job)
    )


def start(*, by: Viewer, now: datetime, args: Mapping[str, Any] | None = None) -> Town:
    """Wake the town; awake already, nothing happens. `args`: see demo.town.life."""
    if not status(SYSTEM, now=now).running:
        jobs.enqueue(KIND, args or {}, by=by, now=now)
    return status(SYSTEM, now=now)


def stop(*, by: Viewer, now: datetime) -> Town:
    """Send the town to sleep: the visit under way is finished, no other begins."""
    for job in queries.jobs(by).filter(kind=KIND, state__in=AWAKE):
        jobs.cancel(job.pk, by=by, now=now)
    return status(by, now=now)


def flash_of(job: Job) -> Flash | None:
    """What the town's job remembers of its flash sale."""
    kept = job.cursor.get("flash")
    return Flash(**{**kept, "opens_at": datetime.fromisoformat(kept["opens_at"])}) if kept else None
