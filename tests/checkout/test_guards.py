"""Every guard is needed: with it the promise holds, without it the very same case breaks it."""

from collections.abc import Callable

import pytest
from django.db import connection

from festoon.checkout import held, holding, holds, promised, queries, redeeming, returned
from festoon.checkout.actions import hold, quote, redeem, refund
from festoon.checkout.invariants import every
from festoon.coupons import queries as coupons
from festoon.distribution.claims import claim
from festoon.distribution.soldout import sold_out
from festoon.ledger.store import writer
from festoon.ledger.store.connection import Clash
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, OFF_10
from tests.checkout.unguarded import without, without_in_hope, without_index, without_limit
from tests.checkout.world import NOW, SHOP, cart

pytestmark = pytest.mark.django_db


def tried(*calls: Callable[[], object]) -> int:
    """How many of the calls were done."""
    done = 0
    for call in calls:
        try:
            call()
        except (Refusal, Clash):
            continue
        done += 1
    return done


def broken() -> set[str]:
    """The invariants that no longer hold."""
    return {invariant.code for invariant in every() if invariant.check(NOW).problems}


def claims_of(count: int, shoppers: int) -> int:
    """So many claims by so many shoppers are tried; how many were granted."""
    return tried(
        *(lambda n=n: claim("c", f"town-{n % shoppers:03}", by=SHOP, now=NOW, key=f"k{n}") for n in range(count))
    )


def token(chosen: str, quantity: int) -> str:
    return quote(cart(("t-01", quantity, 9900), buyer="mei", chosen=[chosen]), by=SHOP, now=NOW).token


def one_coupon_in_two_orders() -> int:
    """Two orders are quoted with the same coupon, then both held; how many were."""
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    found = [promised.read(token(mine, n), by=SHOP) for n in (1, 2)]
    priced = [promised.today(each, by=SHOP, now=NOW, fresh=False) for each in found]
    plans = [holding.plan(each, by=SHOP, now=NOW, key=f"h{n}", body="")[0] for n, each in enumerate(priced)]
    return tried(*(lambda plan=plan: writer.submit(plan).result() for plan in plans))


def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is free under the lock is not looked at, nor remembered to be nothing."""
    without(monkeypatch, "accounts.lock", '"ledger_account"."limited"', "FALSE")
    sold_out.forget()


def test_the_check_alone_keeps_the_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=3, **OFF_5)
    no_room(monkeypatch)
    assert claims_of(5, shoppers=5) == 3
    assert broken() == set()


def test_the_check_on_accounts_keeps_the_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=3, **OFF_5)
    assert claims_of(5, shoppers=5) == 3
    with without_limit(monkeypatch):
        assert tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="still")) == 0, "the store looks under the lock"
        no_room(monkeypatch)
        assert tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="more")) == 1
        assert broken() == {"stock", "never_overspent", "never_beyond"}


def test_the_check_on_accounts_keeps_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    world.offer("a", **OFF_10)
    world.budget("platform", 1000)
    tokens = [quote(cart(("t-01", n, 9900)), by=SHOP, now=NOW).token for n in (1, 2)]
    priced = [promised.today(promised.read(t, by=SHOP), by=SHOP, now=NOW, fresh=False) for t in tokens]
    plans = [holding.plan(each, by=SHOP, now=NOW, key=f"h{n}", body="")[0] for n, each in enumerate(priced)]
    assert tried(lambda: writer.submit(plans[0]).result()) == 1
    assert tried(lambda: writer.submit(plans[1]).result()) == 0
    with without_limit(monkeypatch):
        no_room(monkeypatch)
        assert tried(lambda: writer.submit(plans[1]).result()) == 1
        assert "never_overspent" in broken()


def test_the_limit_for_each_shopper_is_in_the_claim_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, per_shopper=2, **OFF_5)
    assert claims_of(3, shoppers=1) == 2
    without(monkeypatch, "coupon.claim", ') < "coupons_template"."per_shopper"', ") < 99")
    assert tried(lambda: claim("c", "town-000", by=SHOP, now=NOW, key="more")) == 1
    assert broken() == {"per_shopper"}


def test_and_in_the_row_that_sqlite_adds_in_hope(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has the same words in hope and with care")
    world.coupon("c", stock=9, per_shopper=2, **OFF_5)
    assert claims_of(2, shoppers=1) == 2
    without_in_hope(monkeypatch, "coupon.claim", "CASE WHEN COUNT(*) <", "CASE WHEN 0 <")
    assert tried(lambda: claim("c", "town-000", by=SHOP, now=NOW, key="more")) == 1
    assert broken() == {"per_shopper"}


def test_a_coupons_state_and_the_index_on_its_uses_each_keep_it_to_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert one_coupon_in_two_orders() == 1


def test_the_index_alone_keeps_a_coupon_to_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "coupon.hold", """ AND "coupons_coupon"."state" = 'claimed'""")
    assert one_coupon_in_two_orders() == 1


def test_the_state_alone_keeps_a_coupon_to_one_order() -> None:
    with without_index("coupon_used_once"):
        assert one_coupon_in_two_orders() == 1


def test_without_both_a_coupon_serves_two_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "coupon.hold", """ AND "coupons_coupon"."state" = 'claimed'""")
    with without_index("coupon_used_once"):
        assert one_coupon_in_two_orders() == 2
        assert "one_use" in broken()


def test_the_recall_of_a_key_keeps_a_retry_from_a_second_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, per_shopper=9, **OFF_5)
    first = claim("c", "mei", by=SHOP, now=NOW, key="same")
    assert claim("c", "mei", by=SHOP, now=NOW, key="same") == first
    without(monkeypatch, "coupon.recall", " WHERE ", " WHERE 1 = 0 AND ")
    assert tried(lambda: claim("c", "mei", by=SHOP, now=NOW, key="same")) == 0, "the index on keys is the last word"
    assert coupons.visible(SYSTEM).count() == 1
    with without_index("coupon_key"):
        assert tried(lambda: claim("c", "mei", by=SHOP, now=NOW, key="same")) == 1
        assert coupons.visible(SYSTEM).count() == 2


@pytest.mark.parametrize("taken", ["the look at stops", "nothing"])
def test_the_stop_is_read_by_the_claim_itself(taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=9, **OFF_5)
    claim("c", "mei", by=SHOP, now=NOW, key="before")
    world.stop("offer", "c")
    if taken != "nothing":
        without(monkeypatch, "offers.stopped", " WHERE ", " WHERE 1 = 0 AND ")
    done = tried(lambda: claim("c", "tao", by=SHOP, now=NOW, key="after"))
    assert done == (1 if taken != "nothing" else 0)


def sold_two_units() -> str:
    world.offer("a", **OFF_5)
    made = hold(quote(cart(("t-01", 2, 9900)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="h")
    return redeem(made.hold, by=SHOP, now=NOW, key="r").redemption


def same_unit_twice(redemption: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Two refunds of one unit that both believe it is still out; how many were given."""
    monkeypatch.setattr(returned, "units_before", lambda _: set())
    return tried(
        lambda: refund(redemption, {"a": [1]}, by=SHOP, now=NOW, key="f1"),
        lambda: refund(redemption, {"a": [1]}, by=SHOP, now=NOW, key="f2"),
    )


def test_the_index_on_units_keeps_one_from_coming_back_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert same_unit_twice(sold_two_units(), monkeypatch) == 1


def test_without_it_and_the_count_of_what_came_back_one_unit_is_paid_back_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without(monkeypatch, "units.back", " WHERE ", " WHERE 1 = 0 AND ")
    redemption = sold_two_units()
    elsewhere = ":line, :unit + (SELECT COUNT(*) FROM checkout_refund) * 1000"
    without(monkeypatch, "unit.back", ":line, :unit", elsewhere)
    assert same_unit_twice(redemption, monkeypatch) == 2


def test_a_hold_is_posted_once_because_its_state_is_in_the_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    world.offer("a", **OFF_5)
    world.budget("platform", 10_000)
    tokens = [quote(cart(("t-01", n, 9900)), by=SHOP, now=NOW).token for n in (1, 2)]
    made, _ = (hold(each, by=SHOP, now=NOW, key=each[:9]) for each in tokens)
    row = queries.hold(SYSTEM, made.hold)
    holds.cancel(made.hold, by=SHOP, now=NOW)
    posting = redeeming.Posting("", "", SHOP, NOW, "r", "", late=False, price=holds.price_of(row))

    def post() -> None:
        writer.submit(redeeming.in_time(held.read(row), posting)).result()

    assert tried(post) == 0
    without(monkeypatch, "hold.close", ' AND "checkout_hold"."state" = :was')
    assert tried(post) == 1
    assert "reserved" in broken()
