"""The audit as a job: every invariant of the live database, one a chunk, each result kept with its moment.

The questions are asked outside the transaction that keeps the answer, so nobody waits for them. Asked for twice while
one waits, there is one. Killed, it goes on with the invariant it was at.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction

from festoon.checkout.invariants import Finding, every, look
from festoon.records import jobs, queries
from festoon.records.audit import record
from festoon.records.jobs import Step
from festoon.records.models import Checked, Job
from festoon.records.tables import wait_for
from festoon.records.viewer import SYSTEM, Viewer

KIND = "audit"
PROBLEMS = 100
DAY = timedelta(days=1)


def ask(*, by: Viewer, now: datetime) -> Job:
    """Have every invariant checked; the audit that waits or runs already is answered."""
    by.require("jobs.run")
    with transaction.atomic():
        wait_for(0x6175_6469_7400_0000)
        found = queries.jobs(SYSTEM).filter(kind=KIND, state__in=("waiting", "running")).first()
        return found or jobs.enqueue(KIND, {}, by=by, now=now, total=len(every()))


def daily(now: datetime) -> None:
    """Have them checked if that was not asked for within a day."""
    last = queries.jobs(SYSTEM).filter(kind=KIND).first()
    if last is None or last.created_at < now - DAY:
        ask(by=SYSTEM, now=now)


class Audit:
    """Knows the job `audit`."""

    def __init__(self) -> None:
        self._found = Finding(0, ())
        self._milliseconds = 0

    def prepare(self, job: Job, now: datetime) -> None:
        """Ask the next question."""
        began = time.perf_counter_ns()
        self._found = look(every()[job.cursor.get("done", 0)], now)
        self._milliseconds = (time.perf_counter_ns() - began) // 1_000_000

    def chunk(self, job: Job, now: datetime) -> Step:
        """Keep the answer; what is broken is a row of the audit too."""
        done, all_of_them = job.cursor.get("done", 0), every()
        code, problems = all_of_them[done].code, list(self._found.problems)
        Checked(
            invariant=code, job=job.pk, at=now, cases=self._found.cases, milliseconds=self._milliseconds,
            problems=problems[:PROBLEMS],
        ).save(force_insert=True)  # fmt: skip
        broken = job.cursor.get("broken", 0) + bool(problems)
        if problems:
            rows = {"problems": problems[:5], "count": len(problems)}
            record(by=SYSTEM, at=now, verb="audit.broken", kind="invariant", subject=code, after="broken", rows=rows)
        note = f"{done + 1} of {len(all_of_them)}, {broken} broken · 共 {len(all_of_them)} 项，{broken} 项异常"
        cursor = {"done": done + 1, "broken": broken}
        return Step(cursor, done=done + 1, total=len(all_of_them), finished=done + 1 == len(all_of_them), note=note)
