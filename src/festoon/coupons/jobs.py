"""The job that issues to many: which chunk is next, how large it may be, and when all is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from festoon.coupons import queries
from festoon.coupons.bulk import PART, unpack
from festoon.coupons.giving import chunk, give
from festoon.coupons.listing import listing
from festoon.coupons.models import Issue
from festoon.ledger.store.crash import crash_point
from festoon.records.jobs import Step
from festoon.records.models import Job
from festoon.records.pace import Pace
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer


class BulkIssue:
    """Knows the job `issue`. Everything that needs no lock is made ready before the turn to write is taken.

    On SQLite a chunk is as large as fits into a turn of 20 ms with its commit; on PostgreSQL it is 10,000 by COPY.
    """

    def __init__(self) -> None:
        self.pace = Pace.here()
        self._write: Callable[[datetime], Step] | None = None
        self._opened: tuple[tuple[int, int], Sequence[list[Any]]] | None = None

    def prepare(self, job: Job, now: datetime) -> None:
        """Read the next recipients and make their coupons."""
        crash_point("issue.begun")
        issue = queries.issue_of(SYSTEM, int(job.args["issue"]))
        if job.cursor.get("phase") == "give":
            self._write = self._giving(issue, job, now)
        else:
            write = listing(issue, job)
            self._write = lambda _: write()
        crash_point("issue.prepared")

    def chunk(self, job: Job, now: datetime) -> Step:
        """Write what was prepared."""
        assert self._write is not None
        return self._write(now)

    def _giving(self, issue: Issue, job: Job, now: datetime) -> Callable[[datetime], Step]:
        at, place = int(job.cursor["part"]), int(job.cursor["place"])
        found = self._part(issue, at)
        if found is None:
            return lambda _: _step(issue, {"phase": "give", "part": at, "place": 0}, finished=True)
        shoppers, named = found
        end = min(place + max(1, self.pace.size // issue.each), len(shoppers))
        made = chunk(issue, at * PART + place, shoppers[place:end], named[place:end], now)
        cursor = {"phase": "give", "part": at, "place": end} if end < len(shoppers) else {
            "phase": "give", "part": at + 1, "place": 0,
        }  # fmt: skip

        def write(now: datetime) -> Step:
            give(made, by=Viewer(f"job:{job.pk}", PLATFORM, SYSTEM.rights), now=now)
            return _step(issue, cursor)

        return write

    def _part(self, issue: Issue, number: int) -> Sequence[list[Any]] | None:
        """The numbers and codes of one part's recipients; the last part is remembered, for a chunk is a piece of it."""
        if self._opened is None or self._opened[0] != (issue.pk, number):
            part = queries.part(SYSTEM, issue.pk, number)
            if part is None or part.shoppers is None:
                return None
            self._opened = ((issue.pk, number), unpack(part.shoppers))
        return self._opened[1]


def _step(issue: Issue, cursor: dict[str, object], *, finished: bool = False) -> Step:
    note = f"{issue.template.offer.code}: {issue.given:,} issued · 已发, {issue.refused:,} refused · 未发"
    return Step(cursor, done=issue.given + issue.refused, total=issue.ordered, finished=finished, note=note)
