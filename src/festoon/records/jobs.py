"""Long work in chunks. The rows of a chunk and the cursor commit together, so a killed job resumes exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction

from festoon.records import queries
from festoon.records.audit import record
from festoon.records.models import Job
from festoon.records.viewer import SYSTEM, Viewer

LEASE = timedelta(seconds=60)
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """How far one chunk came: where the next begins, how much of how much is done, whether that was all."""

    cursor: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    finished: bool = False
    note: str = ""


class Handler(Protocol):
    """Knows one kind of job.

    `chunk` does the next piece from `job.cursor`, in the transaction that also moves the cursor. A handler whose
    class says `atomic = False` opens its own transactions, names each write by a key made from its input, and so
    may be given the same chunk again after a crash: hot verbs need that, for they commit in the store's thread.
    """

    def chunk(self, job: Job, now: datetime) -> Step:
        """Do the piece that begins at `job.cursor` and say how far it came."""
        ...


def enqueue(kind: str, args: Mapping[str, Any], *, by: Viewer, now: datetime, total: int = 0) -> Job:
    """Put a job in the queue. Asked twice it is there twice: who must have it once uses a key of the verb."""
    by.require("jobs.run")
    with transaction.atomic():
        job = Job(kind=kind, args=dict(args), total=total, by=by.name, created_at=now)
        job.save(force_insert=True)
        record(by=by, at=now, verb="jobs.enqueue", kind="job", subject=str(job.pk), after="waiting", rows=dict(args))
    return job


def run_next(handlers: Mapping[str, Handler], *, worker: str, now: datetime) -> bool:
    """Do one chunk of the job that is next for `worker`; False when there is none.

    Killed in a chunk: nothing of it is kept, another worker goes on when the lease (60 s) ends. A chunk that
    outlives its lease and finds the job taken is rolled back. A chunk that raises is tried again, five times in a
    row at most; then the job is `failed` and says why.
    """
    job = _lease(handlers, worker, now)
    if job is None:
        return False
    handler = handlers[job.kind]
    try:
        if getattr(handler, "atomic", True):
            with transaction.atomic():
                _keep(job, handler.chunk(job, now), worker, now)
        else:
            step = handler.chunk(job, now)
            with transaction.atomic():
                _keep(job, step, worker, now)
    except LeaseLost:
        return True
    except Exception as error:  # noqa: BLE001 -- whatever a chunk raises is the job's failure, not the worker's
        _fail(job.pk, error, worker, now)
    return True


def cancel(number: int, *, by: Viewer, now: datetime) -> None:
    """End a job that waits or runs: the chunk under way is rolled back or not kept, no other begins."""
    by.require("jobs.run")
    with transaction.atomic():
        job = queries.unfinished(by, number)
        if job is None:
            return
        before = job.state
        job.state, job.finished_at, job.leased_by, job.lease_until = "cancelled", now, "", None
        job.save()
        record(by=by, at=now, verb="jobs.cancel", kind="job", subject=str(number), before=before, after="cancelled")


class LeaseLost(Exception):
    """Another worker has the job now; what this chunk did is rolled back."""


def _lease(handlers: Mapping[str, Handler], worker: str, now: datetime) -> Job | None:
    with transaction.atomic():
        job = queries.next_job(SYSTEM, handlers, worker, now)
        if job is not None:
            job.state, job.leased_by, job.lease_until = "running", worker, now + LEASE
            job.started_at = job.started_at or now
            job.save()
        return job


def _keep(job: Job, step: Step, worker: str, now: datetime) -> None:
    held = queries.leased(SYSTEM, job.pk, worker)
    if held is None:
        raise LeaseLost
    held.cursor, held.done, held.total = dict(step.cursor), step.done, step.total or held.total
    held.note, held.attempts, held.error, held.lease_until = step.note[:255], 0, "", now + LEASE
    if step.finished:
        held.state, held.finished_at, held.leased_by, held.lease_until = "finished", now, "", None
        record(by=SYSTEM, at=now, verb="jobs.finish", kind="job", subject=str(job.pk), after="finished")
    held.save()


def _fail(number: int, error: Exception, worker: str, now: datetime) -> None:
    with transaction.atomic():
        held = queries.leased(SYSTEM, number, worker)
        if held is None:
            return
        held.attempts += 1
        held.error = f"{type(error).__name__}: {error}"
        held.state, held.leased_by, held.lease_until = "waiting", "", None
        if held.attempts >= ATTEMPTS:
            held.state, held.finished_at = "failed", now
            record(by=SYSTEM, at=now, verb="jobs.fail", kind="job", subject=str(number), after="failed", why=held.error)
        held.save()
