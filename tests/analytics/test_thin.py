"""Rows leave the outbox when their events are in the lake and were told: never before, and never half."""

from datetime import timedelta

import pytest

from festoon.analytics.lake import thin
from festoon.analytics.lake.export import export
from festoon.analytics.lake.folder import lake
from festoon.analytics.lake.merge import merge
from festoon.analytics.lake.read import Lake
from festoon.checkout.invariants import every
from festoon.config.jobs import Handlers
from festoon.distribution.claims import claim
from festoon.records import queries as records
from festoon.records.jobs import run_next
from festoon.records.models import LakeFile
from festoon.records.viewer import SYSTEM
from festoon.webhooks.fan_out import hand_on
from tests.checkout import world
from tests.checkout.world import NOW, SHOP

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)


@pytest.fixture(autouse=True)
def four_claims(transactional_db, settings, tmp_path):
    settings.FESTOON_VAR = tmp_path
    world.begin()
    world.coupon("c", stock=9, per_shopper=9, type="amount", **{"with": {"off": 500}})
    for n in range(4):
        claim("c", "mei", by=SHOP, now=NOW, key=f"k{n}")


def told():
    export(lake())
    hand_on(NOW)
    merge(lake(), LATER)


def thinned(now=LATER, handlers=None):
    """The job, done as far as it goes."""
    job = thin.ask(by=SYSTEM, now=now)
    while job and run_next(handlers or Handlers(), worker="w", now=now):
        pass
    return records.job(SYSTEM, job.pk) if job else None


def rows():
    return records.outbox(SYSTEM).count()


def broken():
    return {each.code for each in every() if each.code in {"told", "lake", "chains"} and each.check(NOW).problems}


def ids():
    reader = Lake(lake(), "UTC")
    try:
        return sorted(reader.events.id.to_pyarrow().to_pylist())
    finally:
        reader.close()


def test_what_was_told_a_week_ago_leaves_and_the_audit_still_finds_it():
    told()
    there, count = ids(), rows()
    assert thinned(now=NOW + timedelta(days=6)) is None, "not yet a week old"
    claim("c", "tao", by=SHOP, now=NOW, key="after")
    assert (rows(), broken()) == (count + 1, set())
    job = thinned()
    assert (job.state, job.done, rows()) == ("finished", count, 1), "what is not in the lake stays"
    assert (ids(), broken()) == (there, set())
    [entry] = records.visible(SYSTEM).filter(verb="outbox.thin")
    assert entry.rows["events"] == len(there)
    assert thinned() is None


def test_what_was_not_handed_on_stays():
    count = rows()
    export(lake())
    merge(lake(), LATER)
    assert (thinned(), rows()) == (None, count)


def test_before_the_file_is_one_that_stays_nothing_leaves():
    count = rows()
    export(lake())
    hand_on(NOW)
    job = thinned()
    assert (job.state, rows()) == ("waiting", count)
    assert "not in the lake" in job.error


def test_a_file_that_is_gone_is_found_by_the_audit_and_nothing_more_leaves():
    told()
    count = rows()
    [path] = lake().files()
    path.rename(path.with_suffix(".away"))
    assert broken() == {"lake"}
    assert thinned().state == "waiting"
    assert rows() == count
    path.with_suffix(".away").rename(path)
    thinned(now=LATER + timedelta(minutes=1))
    assert (rows(), broken()) == (0, set())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert broken() == {"told", "lake"}
    path.unlink()
    assert broken() == {"told", "lake"}


def test_without_the_look_into_the_lake_an_event_is_lost(monkeypatch):
    told()
    [path] = lake().files()
    path.unlink()
    LakeFile.objects.all().delete()
    monkeypatch.setattr(thin, "absent", lambda *_, **__: set())
    assert thinned().state == "finished"
    assert broken() == {"told"}


def test_killed_in_a_chunk_it_goes_on_exactly(monkeypatch):
    told()
    there, count = ids(), rows()

    class Slow(thin.Thin):
        def __init__(self):
            super().__init__()
            self.pace.size = self.pace.least = self.pace.most = 1

    passed = iter(range(99))

    def killed(_):
        if next(passed) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(thin, "crash_point", killed)
        thinned(handlers={"thin": Slow()})
    assert (rows(), broken()) == (count - 2, set())
    assert thin.ask(by=SYSTEM, now=LATER).state == "running", "asked again there is one"
    job = thinned(now=LATER + timedelta(minutes=2))
    assert (job.state, job.done, rows(), ids(), broken()) == ("finished", count, 0, there, set())
