"""Jobs: a chunk's rows and the cursor commit together; killed, another worker goes on exactly there."""

from datetime import timedelta

import pytest

from festoon.catalog import actions as catalog
from festoon.catalog import queries
from festoon.records import jobs
from festoon.records import queries as records
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
    while work(handler):
        pass
    job.refresh_from_db()
    assert (taken(), job.state, job.attempts, job.error) == (10, "finished", 0, "")


def test_a_job_that_falls_five_times_in_a_row_has_failed(job):
    handler, turns = Shoppers(fall_at=3, falls=99), 0
    while work(handler):
        turns += 1
    job.refresh_from_db()
    assert (turns, taken(), job.state) == (6, 3, "failed")


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


def test_only_who_may_run_jobs_starts_one(db):
    with pytest.raises(Forbidden):
        jobs.enqueue("take", {}, by=CHEN, now=NOW)
