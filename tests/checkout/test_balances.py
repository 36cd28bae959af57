"""Balances: a coupon that pays in parts, over all channels at once, and gets back what its goods give back."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from festoon.checkout import holding, invariants, promised
from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem, refund
from festoon.checkout.answers import HoldAnswer, RedeemAnswer
from festoon.coupons.models import Coupon, Template
from festoon.distribution.claims import claim
from festoon.ledger.store import writer
from tests.checkout import world
from tests.checkout.test_guards import tried
from tests.checkout.test_hold import refusal
from tests.checkout.unguarded import without, without_limit
from tests.checkout.world import NOW, SHOP, cart, later
from tests.racing import race

pytestmark = pytest.mark.django_db
PURSE = {"type": "red_envelope", "with": {"amount": 8000, "divisible": True}}


@pytest.fixture
def purse() -> str:
    """Mei holds a balance of 80.00."""
    world.coupon("p", stock=9, **PURSE)
    return claim("p", "mei", by=SHOP, now=NOW, key="p").coupon


def held(purse: str, units: int, key: str, price: int = 1000) -> HoldAnswer:
    token = quote(cart(("t-02", units, price), buyer="mei", chosen=[purse]), by=SHOP, now=NOW).token
    return hold(token, by=SHOP, now=NOW, key=key)


def sold(purse: str, units: int, key: str, price: int = 1000) -> RedeemAnswer:
    return redeem(held(purse, units, key, price).hold, order="o", by=SHOP, now=NOW, key=key)


def left(purse: str) -> int | None:
    return Coupon.objects.get(id=purse).balance


def sound() -> None:
    assert {i.code: found.problems for i in invariants.every() if (found := i.check(later(minutes=1))).problems} == {}


def test_it_pays_in_parts_until_nothing_is_left(purse: str) -> None:
    assert left(purse) is None
    assert (sold(purse, 3, "a").paid, left(purse)) == (0, 5000)
    assert (sold(purse, 4, "b").paid, left(purse)) == (0, 1000)
    assert (sold(purse, 2, "c").paid, left(purse)) == (1000, 0)
    price = quote(cart(("t-02", 1, 1000), buyer="mei", chosen=[purse]), by=SHOP, now=NOW).price
    assert price["totals"]["payable"] == 1000
    sound()


def test_what_it_paid_goes_back_to_it_and_not_into_money(purse: str) -> None:
    done = sold(purse, 4, "a", 2500)
    assert (done.paid, left(purse)) == (2000, 0)
    one = refund(done.redemption, {"a": 1}, by=SHOP, now=NOW, key="f1")
    assert (one.amount, one.balances, left(purse)) == (500, {purse: 2000}, 2000)
    assert refund(done.redemption, {"a": 1}, by=SHOP, now=NOW, key="f1") == one
    last = refund(done.redemption, {"a": 3}, by=SHOP, now=NOW, key="f2")
    assert (last.refunded, last.balances, left(purse)) == (2000, {purse: 6000}, 8000)
    sound()


def test_a_hold_takes_it_and_its_end_gives_it_back(purse: str) -> None:
    made = held(purse, 3, "a")
    assert left(purse) == 5000
    cancel(made.hold, by=SHOP, now=NOW)
    assert left(purse) == 8000
    held(purse, 3, "b")
    expire_due(later(minutes=16))
    assert left(purse) == 8000
    sound()


def test_a_late_redemption_takes_it_again_or_not_at_all(purse: str) -> None:
    late, other = held(purse, 6, "a"), later(minutes=16)
    expire_due(other)
    assert redeem(late.hold, order="o", by=SHOP, now=other, key="l").late
    assert left(purse) == 2000
    world.coupon("q", stock=1, **PURSE)
    mine = claim("q", "mei", by=SHOP, now=NOW, key="q").coupon
    gone = held(mine, 6, "b")
    expire_due(other)
    sold(mine, 5, "c")
    assert refusal(lambda: redeem(gone.hold, order="o", by=SHOP, now=other, key="g")).code == "expired"
    assert left(mine) == 3000
    sound()


def test_it_is_never_spent_twice_however_many_hold_at_once(purse: str) -> None:
    answers = race(8, lambda n: sold(purse, 3, f"k{n}"))
    given = [answer for answer in answers if not isinstance(answer, BaseException)]
    spent = sum(3000 - answer.paid for answer in given)
    assert left(purse) == 8000 - spent >= 0
    sound()


def test_an_allowance_has_the_face_value_of_its_template() -> None:
    world.coupon("w", stock=1, type="allowance", **{"with": {"tiers": [{"at": 3000, "off": 500}], "repeat": True}})
    Template.objects.filter(offer__code="w").update(face_value=1200)
    mine = claim("w", "mei", by=SHOP, now=NOW, key="w").coupon
    assert (sold(mine, 6, "a").paid, left(mine)) == (5000, 200)
    assert (sold(mine, 6, "b").paid, left(mine)) == (5800, 0)
    sound()


def two_plans_of(purse: str) -> int:
    """Two orders, each planned while 80.00 were there, each to take 60.00; how many were held."""
    tokens = [quote(cart(("t-02", 6, 1000), buyer="mei", chosen=[purse]), by=SHOP, now=NOW).token for _ in range(2)]
    priced = [promised.today(promised.read(each, by=SHOP), by=SHOP, now=NOW, fresh=False) for each in tokens]
    plans = [holding.plan(each, by=SHOP, now=NOW, key=f"h{n}", body="")[0] for n, each in enumerate(priced)]
    return tried(*(lambda plan=plan: writer.submit(plan).result() for plan in plans))


@contextmanager
def without_check() -> Iterator[None]:
    """The database lets a balance fall below zero."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE coupons_coupon DROP CONSTRAINT coupon_balance")
        try:
            yield
        finally:
            cursor.execute("UPDATE coupons_coupon SET balance = 0 WHERE balance < 0")
            cursor.execute(
                "ALTER TABLE coupons_coupon ADD CONSTRAINT coupon_balance CHECK (balance IS NULL OR balance >= 0)"
            )


ENOUGH = ' AND COALESCE("coupons_coupon"."balance", :whole) >= :taken'


def test_the_statement_takes_no_more_than_is_left(purse: str) -> None:
    assert two_plans_of(purse) == 1
    assert left(purse) == 2000


def test_the_check_alone_keeps_a_balance_from_falling_below_zero(purse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "balance.take", ENOUGH)
    assert two_plans_of(purse) == 1
    assert left(purse) == 2000


def test_without_both_a_balance_is_spent_twice(purse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "balance.take", ENOUGH)
    with without_limit(monkeypatch) if connection.vendor == "sqlite" else without_check():
        assert two_plans_of(purse) == 2
        assert left(purse) == -4000
