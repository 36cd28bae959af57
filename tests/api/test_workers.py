"""What goes on without a request: holds that end, events to the lake, jobs, the daily binding of the audit."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.good import Good

pytestmark = pytest.mark.django_db


def work(name: str):
    from festoon.config.workers import workers

    return next(worker for worker in workers() if worker.name == name).work


def test_a_name_is_no_other_workers_and_fits_the_row_of_a_job(monkeypatch):
    from festoon.config import workers
    from festoon.records.models import Job

    monkeypatch.setattr(workers.socket, "gethostname", lambda: "h" * 64)
    monkeypatch.setattr(workers.os, "getpid", lambda: 2**22)
    names = {workers.own_name() for _ in range(9)}
    assert len(names) == 9
    assert max(map(len, names)) <= Job._meta.get_field("leased_by").max_length


def test_a_worker_goes_on_after_a_fault_and_ends_when_told(caplog):
    from festoon.config.workers import Worker

    calls, twice = [], threading.Event()

    def fail(now):
        calls.append(now)
        if len(calls) == 2:
            twice.set()
        raise RuntimeError("the disk is full")

    worker = Worker("a test", fail, rest=0.001)
    worker.start()
    assert twice.wait(10)
    worker.end()
    assert not worker.is_alive() and "the disk is full" in caplog.text and calls[0].tzinfo is UTC


def test_a_worker_does_not_rest_while_there_is_work():
    from festoon.config.workers import Worker

    left, empty = [3], threading.Event()

    def take(now):
        left[0] -= 1
        if not left[0]:
            empty.set()
        return left[0] > 0

    worker = Worker("a test", take, rest=60)
    worker.start()
    assert empty.wait(10)
    worker.end()
    assert not worker.is_alive()


def test_holds_end_without_a_request(door, cast):
    good = Good(door, cast)
    hold = good.hold
    sweep = work("holds that end")
    assert not sweep(datetime.now(UTC))
    assert sweep(datetime.now(UTC) + timedelta(minutes=16))
    assert good.ask(f"/v1/holds/{hold}/cancel", {}).json()["state"] == "expired"


def test_events_leave_for_the_lake(door, cast, settings, tmp_path):
    from festoon.records.models import OutboxCursor

    settings.FESTOON_VAR = tmp_path
    good = Good(door, cast)
    good.made("/v1/events", {"events": [good.event()]})
    export = work("events to the lake")
    while export(datetime.now(UTC)):
        pass
    assert list((tmp_path / "lake").glob("day=*/*.parquet")) and OutboxCursor.objects.get().position > 0


def test_the_heads_of_the_audit_are_bound_once_a_day(cast):
    from festoon.records import queries
    from festoon.records.viewer import SYSTEM

    bind, before = work("audit heads"), queries.bindings(SYSTEM).count()
    for hours in (0, 1, 24):
        bind(cast.now.replace(hour=3) + timedelta(hours=hours))
    assert queries.bindings(SYSTEM).count() == before + 2


def test_every_kind_of_job_has_a_handler():
    from festoon.config.jobs import KINDS, Handlers

    handlers = Handlers()
    assert set(handlers) == set(KINDS)
    assert all(callable(handlers[kind].chunk) for kind in handlers)
