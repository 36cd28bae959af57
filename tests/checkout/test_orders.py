"""Recording what was sold elsewhere: facts in batches, coupons used outside our rules."""

import contextlib
import threading
from typing import Any

import pytest
from django.db import connection

from festoon.catalog.models import Shopper
from festoon.checkout import orders, outside, queries
from festoon.checkout.actions import record_orders, record_outside_redemption
from festoon.checkout.orders import lines_of
from festoon.coupons import queries as coupons
from festoon.distribution.claims import claim
from festoon.ledger import queries as ledger
from festoon.records import events
from festoon.records.queries import visible as audited
from festoon.records.refusal import Forbidden, KeyReused, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, refusal
from tests.checkout.world import NOW, SHOP
from tests.racing import race, until_it_waits

pytestmark = pytest.mark.django_db
TEA = {"sku": "t-01", "quantity": 2, "unit_price": 9900, "money": {"net": 19800}}
OTHERS = {**TEA, "goods": False}


def order(code: str, **changes: Any) -> dict[str, Any]:
    row = {"code": code, "shopper": "mei", "placed_at": NOW, "channel": "till", "store": "willow-west", "paid": 19800}
    return {**row, "lines": [TEA], "money": {"net": 19800}, "source": "a test", **changes}


def told(kind: str) -> list[dict[str, Any]]:
    return [event for _, batch in events.read_after(0, 100) for event in batch if event["kind"] == kind]


def test_a_batch_is_one_audit_row_and_its_lines_are_kept_as_they_came() -> None:
    rows = [order(f"o-{n}") for n in range(3)] + [order("o-3", shopper="", paid=-5, lines=[{**TEA, "quantity": 0}])]
    assert record_orders(rows, by=SHOP, now=NOW, key="b1").taken == 4
    assert lines_of(queries.orders(SYSTEM).get(code="o-0")) == [TEA]
    assert audited(SYSTEM).filter(verb="orders.record").count() == 1
    first = told("order.recorded")[0]
    assert (first["id"], first["order"], first["shopper"], first["lines"]) == ("order:lantern:o-0", "o-0", "mei", [TEA])
    assert Shopper.objects.get(code="mei").orders_placed == 3


def test_the_same_batch_again_does_nothing_and_another_body_is_refused() -> None:
    first = record_orders([order("o-1")], by=SHOP, now=NOW, key="b1")
    assert record_orders([order("o-1")], by=SHOP, now=NOW, key="b1") == first
    with pytest.raises(KeyReused):
        record_orders([order("o-2")], by=SHOP, now=NOW, key="b1")
    assert queries.orders(SYSTEM).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"shopper": "nobody"}, "shopper", "unknown"),
        ({"placed_at": NOW.replace(tzinfo=None)}, "placed_at", "not_a_moment"),
        ({"paid": 1.5}, "paid", "not_whole"),
        ({"lines": []}, "lines", "no_lines"),
        ({"lines": ["tea"]}, "lines", "no_lines"),
        ({"lines": [{**TEA, "sku": "x"}]}, "lines", "unknown_product"),
        ({"lines": [{**TEA, "quantity": -1}]}, "lines", "out_of_range"),
        ({"lines": [{**TEA, "unit_price": 0.5}]}, "lines", "out_of_range"),
        ({"mood": "good"}, "mood", "unknown_field"),
        ({"code": "o-1"}, "code", "recorded_before"),
    ],
)
def test_a_bad_row_is_listed_and_the_others_are_taken(changes: dict[str, Any], field: str, code: str) -> None:
    record_orders([order("o-1")], by=SHOP, now=NOW, key="b0")
    batch = record_orders([order("o-2"), {**order("o-3"), **changes}, order("o-4")], by=SHOP, now=NOW, key="b1")
    assert (batch.taken, [(row.index, row.field, row.code) for row in batch.refused]) == (2, [(1, field, code)])


def test_a_line_that_is_no_product_says_so() -> None:
    pooled = {**TEA, "sku": "coupon-pool", "goods": False}
    assert record_orders([order("o-1", lines=[TEA, pooled])], by=SHOP, now=NOW, key="b1").refused == []


def test_a_coupon_used_outside_is_used_up_and_no_money_of_ours_is_posted() -> None:
    world.coupon("c", stock=5, **OFF_5)
    world.budget("platform", 10_000)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    before = ledger.transfers(SYSTEM).count()
    given = {"order": "o-1", "reason": "value_unknown", "verdict": {"code": "not_met"}, "at": NOW}
    done = record_outside_redemption(mine, **given, by=SHOP, now=NOW)  # type: ignore[arg-type]
    assert record_outside_redemption(mine, **given, by=SHOP, now=NOW) == done  # type: ignore[arg-type]
    assert coupons.by_ids(SYSTEM, [mine])[mine].state == "redeemed"
    assert queries.outside(SYSTEM).get().verdict == {"code": "not_met"}
    assert ledger.transfers(SYSTEM).count() == before
    [event] = told("coupon.redeemed_outside")
    assert (event["coupon"], event["offer"], event["campaign"], event["order"]) == (mine, "c", "double-12", "o-1")
    other = {**given, "order": "o-2"}
    assert refusal(lambda: record_outside_redemption(mine, **other, by=SHOP, now=NOW)).code == "coupon_used"  # type: ignore[arg-type]


def test_a_coupon_used_outside_twice_at_once_is_answered_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls find nothing written down; the second is told by the store, and looks again."""
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    given = {"order": "o-1", "reason": "value_unknown", "verdict": {}, "at": NOW}
    done = record_outside_redemption(mine, **given, by=SHOP, now=NOW)  # type: ignore[arg-type]
    looks = iter([queries.outside(SYSTEM).none()])
    monkeypatch.setattr(outside, "outside", lambda by: next(looks, queries.outside(by)))
    assert record_outside_redemption(mine, **given, by=SHOP, now=NOW) == done  # type: ignore[arg-type]
    assert len(told("coupon.redeemed_outside")) == 1


def test_who_may_not_is_told_which_right_is_missing() -> None:
    nobody = Viewer("key:x", 1, frozenset())
    with pytest.raises(Forbidden, match=r"orders\.write"):
        record_orders([], by=nobody, now=NOW, key="k")
    with pytest.raises(NotFound):
        record_outside_redemption("x", order="o", reason="r", verdict={}, at=NOW, by=SHOP, now=NOW)


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")
def test_an_order_in_two_batches_at_once_is_recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = []
    other = threading.Thread(
        target=lambda: answers.extend(race(1, lambda _: record_orders([order("o-1")], by=SHOP, now=NOW, key="b2")))
    )
    tell, first = orders.publish, iter([other])

    def meanwhile(**told: Any) -> None:
        for thread in first:
            thread.start()
            until_it_waits(thread)
        tell(**told)

    monkeypatch.setattr(orders, "publish", meanwhile)
    assert record_orders([order("o-1")], by=SHOP, now=NOW, key="b1").taken == 1
    other.join()
    assert [[row.code for row in batch.refused] for batch in answers] == [["recorded_before"]]
    assert Shopper.objects.get(code="mei").orders_placed == 1


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")
def test_batches_of_two_merchants_with_the_same_shoppers_wait_for_each_other_in_no_circle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when each takes first the shoppers that ordered once: they are the other's last."""
    count, once, both = orders.F, threading.local(), threading.Barrier(2)

    def meet_before_the_second(name: str) -> Any:
        if getattr(once, "done", False):
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)  # the other may wait for a lock, and never come
        once.done = True
        return count(name)

    monkeypatch.setattr(orders, "F", meet_before_the_second)
    batches = [(SHOP, ("mei", "tao", "tao")), (Viewer("key:kite", 3, frozenset({"*"})), ("tao", "mei", "mei"))]

    def bring(number: int) -> int:
        by, shoppers = batches[number]
        rows = [order(f"o-{n}", shopper=shopper, lines=[OTHERS]) for n, shopper in enumerate(shoppers)]
        return record_orders(rows, by=by, now=NOW, key="b").taken

    assert race(2, bring) == [3, 3]
    placed = Shopper.objects.filter(code__in=("mei", "tao")).values_list("orders_placed", flat=True)
    assert list(placed) == [3, 3]
