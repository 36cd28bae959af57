"""Jobs: a chunk's rows and the cursor commit together; killed, another worker goes on exactly there."""

from contextlib import nullcontext
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction

from festoon.catalog import actions as catalog
from festoon.catalog import queries
from festoon.records import jobs
from festoon.records import queries as records
from festoon.records.pace import COPIED, Pace
from festoon.records.refusal import Forbidden
from festoon.records.viewer import SYSTEM
from tests.desk import CHEN, LIN, NOW

pytestmark = pytest.mark.django_db(transaction=True)


class Shoppers:
    """Takes ten shoppers, three a chunk; raises where it is told to, after its rows were written."""

    def __init__(self, fall_at=None, falls=1):
        self.fall_at, self.falls = fall_at, falls

    def chunk(self, job, now):
        done = job.cursor.get("done", 0)
        upto = min(done + 3, 10)
        rows = [{"code": f"s-{n}"} for n in range(done, upto)]
        assert catalog.take_shoppers(rows, by=SYSTEM, now=now, key="").taken == len(rows)
        if done == self.fall_at and self.falls:
            self.falls -= 1
            raise OSError("the disk is gone")
        return jobs.Step({"done": upto}, done=upto, total=10, finished=upto == 10)


def work(handler, worker="w", now=NOW):
    return jobs.run_next({"take": handler}, worker=worker, now=now)


def taken():
    return queries.shoppers(SYSTEM).count()


@pytest.fixture
def job(db):
    return jobs.enqueue("take", {}, by=LIN, now=NOW, total=10)


def test_it_goes_on_chunk_by_chunk_until_it_is_done(job):
    handler, seen = Shoppers(), []
    while work(handler):
        seen.append(taken())
    job.refresh_from_db()
    assert (seen, job.state, job.done, job.finished_at) == ([3, 6, 9, 10], "finished", 10, NOW)


def test_a_chunk_that_falls_leaves_nothing_and_is_tried_again(job):
    handler = Shoppers(fall_at=3)
    work(handler)
    work(handler)
    job.refresh_from_db()
    assert (taken(), job.cursor, job.state, job.attempts) == (3, {"done": 3}, "waiting", 1)
    assert job.error == "OSError: the disk is gone"
    assert not work(handler), "it waits for its pause to end"
    while work(handler, now=NOW + timedelta(seconds=1)):
        pass
    job.refresh_from_db()
    assert (taken(), job.state, job.attempts, job.error) == (10, "finished", 0, "")


def test_a_chunk_that_keeps_falling_is_tried_again_after_growing_pauses_until_the_job_has_failed(job):
    handler, now, waited = Shoppers(fall_at=3, falls=99), NOW, []
    work(handler)
    while work(handler, now=now):
        job.refresh_from_db()
        if job.due_at is not None:
            waited.append((job.due_at - now).total_seconds())
            now = job.due_at
    job.refresh_from_db()
    assert (waited, taken(), job.state) == ([1, 5, 30, 120, 600], 3, "failed")
    jobs.resume(job.pk, by=LIN, now=now)
    while work(Shoppers(), now=now):
        pass
    job.refresh_from_db()
    assert (taken(), job.state) == (10, "finished"), "mended, it goes on where it was"


def test_a_paused_job_rests_until_somebody_lets_it_go_on(job):
    work(Shoppers())
    jobs.pause(job.pk, by=LIN, now=NOW)
    assert not work(Shoppers())
    jobs.resume(job.pk, by=LIN, now=NOW)
    while work(Shoppers()):
        pass
    assert taken() == 10


def test_two_jobs_take_turns(job):
    other = jobs.enqueue("rest", {}, by=LIN, now=NOW)
    seen = []

    class Rest:
        def chunk(self, job, now):
            seen.append(job.pk)
            return jobs.Step({"n": len(seen)}, finished=len(seen) == 2)

    for second in range(3):
        jobs.run_next({"take": Shoppers(), "rest": Rest()}, worker="w", now=NOW + timedelta(seconds=second))
    assert (taken(), seen) == (6, [other.pk])


def test_what_was_prepared_outside_the_transaction_is_written_inside_and_timed(job):
    class Ready:
        turn = staticmethod(nullcontext)

        def __init__(self):
            self.pace = self

        def prepare(self, job, now):
            assert not connection.in_atomic_block
            self.rows = [{"code": "mei"}]

        def chunk(self, job, now):
            assert connection.in_atomic_block
            catalog.take_shoppers(self.rows, by=SYSTEM, now=now, key="")
            return jobs.Step(finished=True)

        def took(self, seconds):
            assert not connection.in_atomic_block
            self.seconds = seconds

    handler = Ready()
    assert work(handler)
    assert (taken(), handler.seconds > 0) == (1, True)


def test_a_lease_that_ended_lets_another_worker_go_on(job):
    work(Shoppers(), worker="one")
    assert not work(Shoppers(), worker="two")
    assert work(Shoppers(), worker="two", now=NOW + timedelta(minutes=2))
    assert taken() == 6


def test_a_worker_whose_job_was_taken_keeps_nothing_of_its_chunk(job):
    class Slow(Shoppers):
        def chunk(self, job, now):
            found = super().chunk(job, now)
            records.jobs(SYSTEM).filter(pk=job.pk).update(leased_by="two")
            return found

    assert work(Slow(), worker="one")
    assert taken() == 0


def test_what_fails_because_a_worker_of_the_same_name_was_quicker_is_no_failure_of_the_job(job):
    class Late(Shoppers):
        def chunk(self, job, now):
            work(Shoppers())
            raise OSError("these rows are there already")

    class Apart(Late):
        atomic = False

    assert work(Apart())
    job.refresh_from_db()
    assert (taken(), job.state, job.cursor, job.attempts, job.error) == (3, "running", {"done": 3}, 0, "")


def test_only_who_may_run_jobs_starts_one(db):
    with pytest.raises(Forbidden):
        jobs.enqueue("take", {}, by=CHEN, now=NOW)


def test_the_log_of_sqlite_is_copied_back_between_turns(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL copies by itself")
    pace, said = Pace.here(), []

    def listen(execute, sql, *given):
        said.append((sql, connection.in_atomic_block))
        return execute(sql, *given)

    with connection.execute_wrapper(listen):
        for _ in range(COPIED):
            with pace.turn(), transaction.atomic():
                pass
    assert [at for at in said if "checkpoint(" in at[0]] == [("PRAGMA wal_checkpoint(PASSIVE)", False)]


def test_nineteen_chunks_of_twenty_keep_the_turn_of_sqlite_short():
    """Rows cost what they cost, the disk now and then ten milliseconds more: the size settles where few are slow."""
    chance, pace, took = Random(7), Pace(200, 0.017, 50, 1_000, part=50, left=0.6), []
    for _ in range(2_000):
        took.append(0.003 + pace.size * 0.00004 + chance.expovariate(1 / 0.002))
        pace.took(took[-1])
    assert sorted(took[200:])[len(took[200:]) * 19 // 20] <= 0.020
    assert pace.size > 100
