"""Rows whose events are in the lake, and were handed on to who listens, leave the outbox after a week.

A job: first it looks each event up in the files that stay, then rows, cursor and audit row leave in one transaction. An
event that is not there stops it: nothing leaves, the job fails and says which. Killed anywhere, what left has left, and
the rest goes on; asked for twice while one waits, there is one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from festoon.analytics.lake import queries
from festoon.analytics.lake.folder import lake
from festoon.analytics.lake.look import absent
from festoon.ledger.store.crash import crash_point
from festoon.records import jobs
from festoon.records import queries as records
from festoon.records.audit import record
from festoon.records.events import unpack
from festoon.records.jobs import Step
from festoon.records.models import Job
from festoon.records.pace import Pace
from festoon.records.tables import wait_for
from festoon.records.viewer import SYSTEM, Viewer

KIND = "thin"
KEPT = timedelta(days=7)
"""How long a row stays in the outbox, whatever became of its events."""
LOOKED_UP = 2_000
"""Rows whose events are looked up at once; how many leave at once is the pace's."""


class NotInTheLake(Exception):
    """An event is in the outbox and not in the files it was written to."""


def ask(*, by: Viewer, now: datetime) -> Job | None:
    """Have rows leave the outbox, if any may; the job that waits or runs already is answered."""
    by.require("jobs.run")
    with transaction.atomic():
        wait_for(0x7468_696E_0000_0000)
        found = records.jobs(by).filter(kind=KIND, state__in=("waiting", "running", "paused")).first()
        count = 0 if found else queries.leaving(by, now - KEPT).count()
        return jobs.enqueue(KIND, {}, by=by, now=now, total=count) if count else found


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    events: tuple[str, ...]


class Thin:
    """Knows the job `thin`."""

    def __init__(self) -> None:
        here = Pace.here()
        self.pace = Pace(here.size, here.goal, here.least, 2_000)
        self._sure: list[_Row] = []

    def prepare(self, job: Job, now: datetime) -> None:
        """Look up what is to leave next: outside the transaction, for it may take a while."""
        after = job.cursor.get("last", 0)
        self._sure = [row for row in self._sure if row.number > after]
        if self._sure:
            return
        rows = queries.leaving(SYSTEM, job.created_at - KEPT)[:LOOKED_UP]
        found = [_Row(row.pk, tuple(str(event["id"]) for event in unpack(bytes(row.events)))) for row in rows]
        if found:
            wanted = {name for row in found for name in row.events}
            if missing := absent(lake(), wanted, first=found[0].number, last=found[-1].number):
                raise NotInTheLake(f"{len(missing)} events are not in the lake, such as {min(missing)}")
        self._sure = found

    def chunk(self, job: Job, now: datetime) -> Step:
        """Take rows out, with the note of what they were."""
        rows, done = self._sure[: self.pace.size], job.cursor.get("done", 0)
        if not rows:
            return Step({"done": done}, done=done, finished=True, note=f"{done:,} rows · {done:,} 行")
        first, last = rows[0].number, rows[-1].number
        names = [name for row in rows for name in row.events]
        queries.take_out(SYSTEM, [row.number for row in rows])
        told = {
            "rows": len(rows), "events": len(names), "digest": hashlib.sha256("\n".join(names).encode()).hexdigest()
        }  # fmt: skip
        record(
            by=SYSTEM,
            at=now,
            verb="outbox.thin",
            kind="outbox",
            subject=f"{first}-{last}",
            after="in the lake",
            rows=told,
        )
        crash_point("thin.taken")
        return Step({"done": done + len(rows), "last": last}, done=done + len(rows))
