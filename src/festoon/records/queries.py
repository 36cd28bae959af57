"""Reading the records. Each function takes the viewer first; a merchant sees only what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet

from festoon.records.models import AuditEntry, Checked, Job, Key, Outbox, Told
from festoon.records.select import select
from festoon.records.viewer import Viewer

BIND = "audit.bind"
_HEAD = "SELECT {a.number}, {a.digest} FROM {a} WHERE {a.chain} = :chain ORDER BY {a.number} DESC LIMIT 1"
HEAD = select("audit.head", _HEAD, _HEAD, a=AuditEntry)
"""The number and the digest of the last row of a chain: every verb adds the next."""


def visible(viewer: Viewer) -> QuerySet[AuditEntry]:
    """The audit rows of things behind the viewer's wall, newest first."""
    rows = AuditEntry.objects.order_by("-at", "-id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def told(viewer: Viewer) -> QuerySet[AuditEntry]:
    """Of the visible rows what somebody did, in no order: without what shoppers did in crowds."""
    return visible(viewer).order_by().filter(Told())


def history(viewer: Viewer, kind: str, subject: str) -> QuerySet[AuditEntry]:
    """Who did what to one thing, oldest first."""
    return visible(viewer).filter(subject_kind=kind, subject=subject).order_by("at", "id")


def hot(viewer: Viewer) -> Iterator[tuple[int, str, str]]:
    """What hot verbs did, in the order in which it was written: the number of the group's row, the verb, the row."""
    rows = visible(viewer).filter(subject_kind="group").order_by("id").values_list("id", "rows")
    for number, said in rows.iterator(chunk_size=500):
        yield from ((number, verb, row) for verb, row, *_ in said["rows"])


def heads(viewer: Viewer) -> list[AuditEntry]:
    """The last row of every chain."""
    last = (
        visible(viewer).order_by().values("chain").annotate(n=Max("number")).values_list("chain", "n").order_by("chain")
    )
    return [entry for chain, number in last for entry in visible(viewer).filter(chain=chain, number=number)]


def chains(viewer: Viewer) -> list[str]:
    """The names of all chains."""
    return list(visible(viewer).order_by("chain").values_list("chain", flat=True).distinct())


def chain(viewer: Viewer, name: str) -> Iterable[AuditEntry]:
    """All rows of one chain in order, a few at a time."""
    return visible(viewer).filter(chain=name).order_by("number").iterator(chunk_size=2000)


def digest_of(viewer: Viewer, name: str, number: int) -> str | None:
    """The digest of one row of one chain."""
    return visible(viewer).filter(chain=name, number=number).values_list("digest", flat=True).first()


def bindings(viewer: Viewer) -> QuerySet[AuditEntry]:
    """The rows that bind the heads of the chains."""
    return visible(viewer).filter(verb=BIND).order_by("id")


def key(viewer: Viewer, name: str) -> Key | None:
    """The remembered answer of the viewer's merchant under this key."""
    return Key.objects.filter(merchant_id=viewer.merchant_id, key=name).first()


def outbox(viewer: Viewer) -> QuerySet[Outbox]:
    """The outbox rows of the viewer's things, in order."""
    rows = Outbox.objects.order_by("id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def jobs(viewer: Viewer) -> QuerySet[Job]:
    """All jobs, newest first; the platform's own."""
    rows = Job.objects.order_by("-id")
    return rows if viewer.is_platform else rows.none()


def job(viewer: Viewer, number: int) -> Job | None:
    """One job."""
    return jobs(viewer).filter(id=number).first()


def next_job(viewer: Viewer, kinds: Iterable[str], worker: str, now: datetime, *, lock: bool = True) -> Job | None:
    """The job `worker` should do a chunk of: of those nobody else has, and that are due, the one that waited longest."""
    free = Q(state="waiting") | Q(state="running", lease_until__lt=now)
    mine = Q(state="running", leased_by=worker)
    due = Q(due_at=None) | Q(due_at__lte=now)
    rows = jobs(viewer).filter(mine | free, due, kind__in=list(kinds))
    rows = rows.order_by(F("lease_until").asc(nulls_first=True), "id")
    return (rows.select_for_update(skip_locked=True) if lock else rows).first()


def leased(viewer: Viewer, job: Job, worker: str) -> Job | None:
    """The job, locked, if `worker` still has it and nobody, also none of its name, has taken it further since."""
    row = jobs(viewer).select_for_update().filter(id=job.pk, leased_by=worker, state="running").first()
    return row if row is not None and (row.cursor, row.done) == (job.cursor, job.done) else None


def in_state(viewer: Viewer, number: int, states: Iterable[str]) -> Job | None:
    """The job, locked, if it is in one of these states."""
    return jobs(viewer).select_for_update().filter(id=number, state__in=list(states)).first()


def checked(viewer: Viewer) -> QuerySet[Checked]:
    """What the invariants came to, newest first: the platform's, for they look at everybody's rows."""
    rows = Checked.objects.order_by("-at", "-id")
    return rows if viewer.is_platform else rows.none()


def last_checked(viewer: Viewer) -> dict[str, Checked]:
    """The last check of each invariant, by its code."""
    newest = checked(viewer).order_by().values("invariant").annotate(last=Max("id")).values("last")
    return {row.invariant: row for row in checked(viewer).filter(id__in=newest)}
