"""kill -9 of the server under shoppers: nothing acknowledged is lost, nothing is doubled, a retry settles the rest."""

import time
from random import Random

import pytest

from festoon.demo.town.wire import Wire
from tests.faults import checks
from tests.faults.key import APP
from tests.faults.shoppers import Shoppers

CRASH_POINTS = [
    "group.begun",
    "group.before_commit",
    "group.after_commit",
    "claim.after_write",
    "hold.after_write",
    "hold.cancel.after_write",
    "redeem.after_write",
    "refund.after_write",
]


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
def test_killed_at_any_moment(product, database, log, rounds):
    for seed in rounds(small=3, large=200):
        product.start()
        with Shoppers(product.url, APP, log, seed=seed, mark=f"any-{seed}-"):
            time.sleep(Random(seed).uniform(0.2, 2.0))
            product.kill()
        product.start()
        everything_holds(product, log, database, f"any-{seed}-")
        product.kill()
    assert len(log.acknowledged) > 20, "hardly anything happened"


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", CRASH_POINTS)
def test_killed_at_a_named_point(point, product, database, log, rounds):
    for seed in rounds(small=1, large=5):
        nth = Random(seed).randint(1, 6)
        product.start(die_at=point, nth=nth)
        with Shoppers(product.url, APP, log, seed=seed, mark=f"at-{seed}-"):
            assert product.is_dead(within=60), f"nobody came by {point}"
        product.start()
        everything_holds(product, log, database, f"at-{seed}-")
        product.kill()
