"""kill -9 of a worker that issues to many: it goes on where it was, and everybody has exactly what was ordered."""

import time
from random import Random

import pytest

from tests.faults import checks
from tests.faults.points import asked
from tests.faults.product import Product
from tests.prove import proving
from tests.staged import copied, drop, into_one_file

OFFER, COUNT = "d12-shop-30", 24_000
CRASH_POINTS = ["issue.begun", "issue.prepared", "issue.poured", "issue.before_commit"]
LEASE_ENDS = "UPDATE records_job SET lease_until = '2000-01-01 00:00:00+00:00' WHERE state = 'running'"


@pytest.fixture(scope="module")
def ordered(staged, nursery, tmp_path_factory):
    """The address of a database in which the coupon is ordered for everybody and nothing was issued yet, to be copied only."""
    folder = tmp_path_factory.mktemp("ordered")
    url = copied(staged, folder / "festoon.sqlite3")
    Product(url, folder, nursery).hand("issue", OFFER, str(COUNT))
    into_one_file(url)
    yield url
    drop(url)


@pytest.fixture
def database_url(ordered, tmp_path):
    """A copy of it, of this test's own."""
    url = copied(ordered, tmp_path / "festoon.sqlite3")
    yield url
    drop(url)


def job(database):
    (row,) = database.rows("SELECT state, done, total, error FROM records_job WHERE kind = 'issue'")
    assert row["state"] != "failed", row["error"]
    return row


def until(condition, patience=120.0, pause=0.01):
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends
        time.sleep(pause)


def everybody_has_one(product, database):
    """Targets and coupons, counted past the product; then the product's own audit."""
    product.start()
    until(lambda: job(database)["state"] == "finished", pause=0.2)
    held = database.rows(
        "SELECT s.code AS shopper, count(*) AS n FROM coupons_coupon c JOIN catalog_shopper s ON s.id = c.shopper_id"
        " WHERE c.origin LIKE 'issue:%' GROUP BY s.code"
    )
    assert {(row["shopper"], row["n"]) for row in held} == {(f"many-{n:05}", 1) for n in range(COUNT)}
    assert (job(database)["done"], job(database)["total"]) == (COUNT, COUNT)
    told = database.number("SELECT sum(count) FROM records_outbox WHERE kind = 'coupon.issued'")
    assert told == COUNT, "one event a coupon"
    checks.counters_agree_with_rows(database)
    checks.audit_passes(product)
    product.kill()


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_killed_at_any_moment_again_and_again(product, database, rounds):
    hits = 0
    for seed in rounds(small=2, large=40):
        before = job(database)
        if before["state"] == "finished":
            break
        product.work()
        until(lambda was=before["done"]: job(database)["done"] > was or job(database)["state"] == "finished")
        time.sleep(Random(seed).uniform(0, 0.1))
        product.kill()
        hits += job(database)["state"] == "running"
        database.write(LEASE_ENDS)  # the minute after which another worker may take it passes
    assert hits >= (2 if proving() else 1), "it was hardly ever hit in the middle"
    everybody_has_one(product, database)


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", asked(CRASH_POINTS, {"issue.poured"}))
def test_killed_at_a_named_point(point, product, database, rounds):
    for seed in rounds(small=1, large=5):
        if job(database)["state"] == "finished":
            break
        product.work(die_at=point, nth=Random(seed).randint(1, 2))
        assert product.is_dead(within=90), f"nobody came by {point}"
        database.write(LEASE_ENDS)
    everybody_has_one(product, database)
