"""kill -9 of the server under shoppers: nothing acknowledged is lost, nothing is doubled, a retry settles the rest."""

import time
from random import Random

import pytest

from festoon.demo.town.wire import Wire
from tests.faults import checks
from tests.faults.key import APP
from tests.faults.points import asked
from tests.faults.shoppers import AT_ONCE, Shoppers, until

CRASH_POINTS = [
    "plan.put", "group.taken", "group.begun", "group.locked", "wave.judged", "wave.half_written", "wave.stepped",
    "wave.moved", "claim.after_write", "hold.after_write", "hold.cancel.after_write", "redeem.after_write",
    "refund.after_write", "group.written", "group.transferred", "group.audited", "group.told", "group.before_commit",
    "group.after_commit", "group.unanswered", "group.answering", "answer.ready", "answer.half_sent",
]  # fmt: skip
"""Those that shoppers come by. The issue's are in test_kill_the_issue; these three only a worker comes by."""
WORKERS_POINTS = ["export.written", "export.moved", "hold.expire.after_write"]
TELLING = {"group.before_commit", "group.after_commit", "hold.expire.after_write", "export.written"}
"""Before and after the moment that counts; what only a worker does; what leaves the database."""


def everything_holds(product, log, database, mark):
    """The product stands again: settle what nobody knows, then look from outside and ask the product itself."""
    with Wire(product.url, APP) as wire:
        checks.nothing_is_lost(log, database)
        log.settle(wire)
        checks.nothing_is_lost(log, database)
        checks.nothing_is_there_that_nobody_asked_for(log, database)
        checks.counters_agree_with_rows(database)
        checks.answers_are_given_again(log.ask_again(wire, mark))
        checks.nothing_is_there_that_nobody_asked_for(log, database)
    checks.audit_passes(product)


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_killed_at_any_moment(whole, database, log, rounds):
    for seed in rounds(small=1, large=200):
        whole.start()
        before = len(log.acknowledged)
        with Shoppers(whole.url, APP, log, seed=seed, mark=f"any-{seed}-"):
            if seed % 2 == 0:  # something to lose, on a slow machine too
                until(lambda said=before: len(log.acknowledged) > said + 20)
            time.sleep(Random(seed).uniform(0.2, 2.0))
            whole.kill()
        whole.start()
        everything_holds(whole, log, database, f"any-{seed}-")
        whole.kill()


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", asked(CRASH_POINTS, TELLING))
def test_killed_at_a_named_point(point, product, database, log, rounds):
    for seed in rounds(small=1, large=5):
        nth = Random(seed).randint(1, 6)
        product.start(die_at=point, nth=nth)
        with Shoppers(product.url, APP, log, seed=seed, mark=f"at-{seed}-"):
            assert product.is_dead(within=60), f"nobody came by {point}"
        product.start()
        everything_holds(product, log, database, f"at-{seed}-")
        product.kill()


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", asked(WORKERS_POINTS, TELLING, once=frozenset({"export.written"})))
def test_a_worker_is_killed_at_a_named_point(point, product, database, log, rounds):
    for seed in rounds(small=1, large=5):
        product.start("--no-work")
        with Shoppers(product.url, APP, log, seed=seed, mark=f"work-{seed}-"):
            time.sleep(1.5)
            if point == "hold.expire.after_write":
                somebody_is_called_away(database)
        product.kill()
        left = holds_end_a_century_ago(database)
        product.work(die_at=point)
        assert product.is_dead(within=60), f"nobody came by {point}"
        product.start()
        nothing_is_held_for_ever(database)
        assert as_they_ended(database) == left
        everything_holds(product, log, database, f"work-{seed}-")
        product.kill()


def somebody_is_called_away(database):
    """There are more unpaid baskets than shoppers at the till, so some are left for good."""
    until = time.monotonic() + 60
    while database.number("SELECT count(*) FROM checkout_hold WHERE state = 'held'") <= AT_ONCE:
        assert time.monotonic() < until, "every basket was paid"
        time.sleep(0.1)


def holds_end_a_century_ago(database):
    """The minutes pass after which an unpaid basket is given up; how many there are."""
    left = database.number("SELECT count(*) FROM checkout_hold WHERE state = 'held'")
    ends = "'19' || substr(expires_at, 3)" if database.url.startswith("sqlite") else "expires_at - interval '100 years'"
    database.write(f"UPDATE checkout_hold SET expires_at = {ends} WHERE state = 'held'")
    return left


def as_they_ended(database):
    """Their end is as it was again, for it is in the answer that a retry gets; how many were given back."""
    left = database.number("SELECT count(*) FROM checkout_hold WHERE state = 'expired' AND expires_at < '2000-01-01'")
    ends = "'20' || substr(expires_at, 3)" if database.url.startswith("sqlite") else "expires_at + interval '100 years'"
    database.write(f"UPDATE checkout_hold SET expires_at = {ends} WHERE expires_at < '2000-01-01'")
    return left


def nothing_is_held_for_ever(database):
    """A hold past its end is given back within a minute of the worker being there again."""
    until = time.monotonic() + 60
    while database.number("SELECT count(*) FROM checkout_hold WHERE state = 'held' AND expires_at < '2000-01-01'"):
        assert time.monotonic() < until, "a hold is stuck"
        time.sleep(0.2)
