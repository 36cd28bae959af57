"""The first half of a bulk issue: whom it reaches is written down, part by part, each shopper judged once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from festoon.catalog import queries as catalog
from festoon.coupons import queries
from festoon.coupons.audience import reached
from festoon.coupons.bulk import PART, pack, unpack
from festoon.coupons.models import Issue, IssuePart, IssueRefusal
from festoon.records.jobs import Step
from festoon.records.models import Job
from festoon.records.tables import change, insert
from festoon.records.viewer import SYSTEM

GIVE = {"phase": "give", "part": 0, "place": 0}


def listing(issue: Issue, job: Job) -> Callable[[], Step]:
    """Read the next part of the recipients; what comes back writes it down, in the transaction of the job's cursor."""
    at = int(job.cursor.get("part", 0))
    if "shoppers" in issue.audience:
        return _named(issue, at)
    return _found(issue, at, int(job.cursor.get("after", 0)))


def _named(issue: Issue, at: int) -> Callable[[], Step]:
    part = queries.part(SYSTEM, issue.pk, at)
    if part is None or part.named is None:
        return lambda: Step(GIVE, total=issue.ordered, note="listed · 名单已就绪")
    named = unpack(part.named)
    numbers = catalog.found(catalog.shoppers(SYSTEM), "code", sorted(set(named)), "id")
    known = sorted((numbers[code], code) for code in named if code in numbers)
    part.shoppers = pack([[number for number, _ in known], [code for _, code in known]])
    refused = [
        IssueRefusal(issue=issue, row=at * PART + place, shopper=code[:96], reason="unknown")
        for place, code in enumerate(named)
        if code not in numbers
    ]

    def write() -> Step:
        change([part], ["shoppers"])
        insert(refused)
        issue.refused += len(refused) * issue.each
        change([issue], ["refused"])
        return _step({"phase": "list", "part": at + 1}, issue)

    return write


def _found(issue: Issue, at: int, after: int) -> Callable[[], Step]:
    rows = list(reached(issue.audience).filter(id__gt=after).values_list("id", "code")[:PART])
    if not rows:
        return lambda: Step(GIVE, total=issue.ordered, done=0, note="listed · 名单已就绪")
    part = IssuePart(issue=issue, number=at, shoppers=pack([[n for n, _ in rows], [code for _, code in rows]]))

    def write() -> Step:
        insert([part])
        issue.ordered += len(rows) * issue.each
        change([issue], ["ordered"])
        return _step({"phase": "list", "part": at + 1, "after": rows[-1][0]}, issue)

    return write


def _step(cursor: dict[str, Any], issue: Issue) -> Step:
    return Step(cursor, done=issue.refused, total=issue.ordered, note=f"listing · 整理名单 {issue.ordered:,}")
