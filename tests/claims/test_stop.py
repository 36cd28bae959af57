"""A stop is final from its commit on: a grant under way is committed before it, or not at all."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from festoon.checkout.invariants import every
from festoon.coupons import queries as coupons
from festoon.distribution.claims import claim
from festoon.ledger.store import group
from festoon.ledger.store.statement import table
from festoon.offers import guards
from festoon.offers.actions import lift, stop
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
AMOUNT = {"type": "amount", "with": {"off": 500}}


def stop_it() -> None:
    stop("offer", "c", why="a test", by=SYSTEM, now=NOW)


def test_not_one_coupon_more_after_the_stop_however_many_ask() -> None:
    world.coupon("c", stock=10_000, per_shopper=10_000, **AMOUNT)
    seen: list[int] = []
    begun = threading.Event()

    def act(number: int) -> str:
        if number == 0:
            begun.wait(60)
            stop_it()
            seen.append(coupons.visible(SYSTEM).count())
            return "stopped"
        for n in range(1_000):
            try:
                claim("c", f"town-{number:03}", by=SHOP, now=NOW, key=f"{number}-{n}")
            except Refusal as refusal:
                return refusal.code
            begun.set()
        return "never stopped"

    assert set(race(6, act)) == {"stopped"}
    assert coupons.visible(SYSTEM).count() == seen[0] > 0
    assert [invariant.code for invariant in every() if invariant.check(NOW).problems] == []
    lift("offer", "c", by=SYSTEM, now=NOW)
    assert claim("c", "mei", by=SHOP, now=NOW, key="again").offer == "c"


@contextmanager
def claim_under_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A claim that has read that nothing is stopped and has not committed yet; call to let it go on."""
    reached, go = threading.Event(), threading.Event()
    leave = group.leave

    def wait(*given: Any, **named: Any) -> None:
        reached.set()
        go.wait(20)
        leave(*given, **named)

    monkeypatch.setattr(group, "leave", wait)
    claimer = threading.Thread(target=lambda: race(1, lambda _: claim("c", "mei", by=SHOP, now=NOW, key="k")))
    claimer.start()
    reached.wait(20)
    try:
        yield go.set
    finally:
        go.set()
        claimer.join()


def stops_while_the_claim_is_under_way(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a stop could be committed before the claim that began before it."""
    world.coupon("c", stock=9, **AMOUNT)
    with claim_under_way(monkeypatch) as go_on:
        stopper = threading.Thread(target=lambda: race(1, lambda _: stop_it()))
        stopper.start()
        stopper.join(1.0)
        overtaken = not stopper.is_alive()
        go_on()
        stopper.join(20)
    return overtaken


def test_a_stop_waits_for_the_grants_that_began_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stops_while_the_claim_is_under_way(monkeypatch) is False
    assert coupons.visible(SYSTEM).count() == 1


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite's one writer keeps the order by itself")
def test_without_the_shared_lock_on_the_book_it_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(table, guards.GATE.name, replace(guards.GATE, postgres="SELECT 1"))
    assert stops_while_the_claim_is_under_way(monkeypatch) is True
