"""Long work in chunks. The rows of a chunk and the cursor commit together, so a killed job resumes exactly."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction

from festoon.records import queries
from festoon.records.audit import record
from festoon.records.models import Job
from festoon.records.viewer import SYSTEM, Viewer

LEASE = timedelta(seconds=60)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))
"""How long a chunk that failed waits for its next try; after the last it is tried once more, then the job failed."""


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

    `chunk` does the next piece from `job.cursor`, which it only reads, in the transaction that also moves the cursor. A
    handler whose class says `atomic = False` opens its own transactions, names each write by a key made from its input,
    and so may be given the same chunk again after a crash: hot verbs need that, for they commit in the store's thread.

    A handler with a method `prepare(job, now)` gets ready outside the transaction whatever needs no lock, so that
    SQLite's one turn to write is short: `chunk` then only writes what was prepared. Its `pace`, if it has one, is told
    how long the transaction was, commit included.
    """

    def chunk(self, job: Job, now: datetime) -> Step:
        """Do the piece that begins at `job.cursor` and say how far it came."""
        ...


def enqueue(
    kind: str, args: Mapping[str, Any], *, by: Viewer, now: datetime, total: int = 0, due: datetime | None = None
) -> Job:
    """Put a job in the queue, to begin at once or when it is `due`.

    Asked twice it is there twice: who must have it once uses a key of the verb.
    """
    by.require("jobs.run")
    with transaction.atomic():
        job = Job(kind=kind, args=dict(args), total=total, by=by.name, created_at=now, due_at=due)
        job.save(force_insert=True)
        record(by=by, at=now, verb="jobs.enqueue", kind="job", subject=str(job.pk), after="waiting", rows=dict(args))
    return job


def run_next(handlers: Mapping[str, Handler], *, worker: str, now: datetime) -> bool:
    """Do one chunk of the job that is next for `worker`; False when there is none.

    Several jobs take turns, a chunk each. Killed in a chunk: nothing of it is kept, another worker goes on when the
    lease (60 s) ends. A chunk that outlives its lease and finds the job taken is rolled back, and so is one that finds
    the cursor moved, whatever the name of who moved it. A chunk that raises is tried again after growing pauses (1 s to
    10 min), six times in a row at most; then the job is `failed` and says why.
    """
    job = _lease(handlers, worker, now)
    if job is None:
        return False
    handler = handlers[job.kind]
    try:
        _prepared(handler)(job, now)
        if (pace := getattr(handler, "pace", None)) is not None:
            with pace.turn():
                with transaction.atomic():
                    began = time.monotonic()  # now it has the turn: who waited for it was not slow
                    _keep(job, handler.chunk(job, now), worker, now)
                took = time.monotonic() - began
            pace.took(took)
        elif getattr(handler, "atomic", True):
            with transaction.atomic():
                _keep(job, handler.chunk(job, now), worker, now)
        else:
            step = handler.chunk(job, now)
            with transaction.atomic():
                _keep(job, step, worker, now)
    except LeaseLost:
        return True
    except Exception as error:  # noqa: BLE001 -- whatever a chunk raises is the job's failure, not the worker's
        _fail(job, error, worker, now)
    return True


def cancel(number: int, *, by: Viewer, now: datetime) -> None:
    """End a job that waits, runs or is paused: the chunk under way is rolled back or not kept, no other begins."""
    _change(number, "cancel", UNFINISHED, "cancelled", by=by, now=now)


def pause(number: int, *, by: Viewer, now: datetime) -> None:
    """Let a job rest: the chunk under way is not kept, what was done stays. Paused twice, nothing happens."""
    _change(number, "pause", ("waiting", "running"), "paused", by=by, now=now)


def resume(number: int, *, by: Viewer, now: datetime) -> None:
    """Go on with a job that was paused or has failed, where its last whole chunk ended, not before it is due. Twice, nothing
    happens.
    """
    _change(number, "resume", ("paused", "failed"), "waiting", by=by, now=now)


UNFINISHED = ("waiting", "running", "paused")


def _change(number: int, verb: str, of: tuple[str, ...], to: str, *, by: Viewer, now: datetime) -> None:
    by.require("jobs.run")
    with transaction.atomic():
        job = queries.in_state(by, number, of)
        if job is None:
            return
        before, job.state = job.state, to
        if job.attempts:  # it waited after a failure; what is not due yet waits on, whatever was done with it
            job.due_at = None
        job.leased_by, job.lease_until, job.attempts = "", None, 0
        job.finished_at = now if to == "cancelled" else None
        job.save()
        record(by=by, at=now, verb=f"jobs.{verb}", kind="job", subject=str(number), before=before, after=to)


def _prepared(handler: Handler) -> Callable[[Job, datetime], None]:
    found: Callable[[Job, datetime], None] = getattr(handler, "prepare", lambda _job, _now: None)
    return found


class LeaseLost(Exception):
    """Another worker has the job now, or did this very chunk; what was done of it here is rolled back."""


def _lease(handlers: Mapping[str, Handler], worker: str, now: datetime) -> Job | None:
    job = queries.next_job(SYSTEM, handlers, worker, now, lock=False)
    if job is None or (job.leased_by == worker and job.lease_until is not None and job.lease_until > now + LEASE / 2):
        return job  # still ours for long enough: no need to write that down again
    with transaction.atomic():
        job = queries.next_job(SYSTEM, handlers, worker, now)
        if job is not None:
            job.state, job.leased_by, job.lease_until = "running", worker, now + LEASE
            job.started_at = job.started_at or now
            job.save()
        return job


def _keep(job: Job, step: Step, worker: str, now: datetime) -> None:
    held = queries.leased(SYSTEM, job, worker)
    if held is None:
        raise LeaseLost
    held.cursor, held.done, held.total = dict(step.cursor), step.done, step.total or held.total
    held.note, held.attempts, held.error, held.lease_until = step.note[:255], 0, "", now + LEASE
    held.due_at = None
    if step.finished:
        held.state, held.finished_at, held.leased_by, held.lease_until = "finished", now, "", None
        record(by=SYSTEM, at=now, verb="jobs.finish", kind="job", subject=str(job.pk), after="finished")
    held.save()


def _fail(job: Job, error: Exception, worker: str, now: datetime) -> None:
    with transaction.atomic():
        held = queries.leased(SYSTEM, job, worker)
        if held is None:
            return
        held.attempts += 1
        held.error = f"{type(error).__name__}: {error}"
        held.state, held.leased_by, held.lease_until = "waiting", "", None
        if held.attempts <= len(PAUSES):
            held.due_at = now + PAUSES[held.attempts - 1]
        else:
            held.state, held.finished_at, held.due_at = "failed", now, None
            record(by=SYSTEM, at=now, verb="jobs.fail", kind="job", subject=str(job.pk), after="failed", why=held.error)
        held.save()
