"""What a hold asks of today: who buys, what is left for them, and of a quote that has ended the goods as they are now."""

from datetime import datetime

import pytest
from django.db.models import F

from festoon.catalog import goods
from festoon.catalog.models import Product, Shopper
from festoon.checkout.actions import hold, quote, redeem
from festoon.checkout.token import open_token
from festoon.coupons.models import Coupon, Template
from festoon.distribution.claims import claim
from festoon.offers.models import BookVersion
from festoon.promotions.models import Promotion
from festoon.records.refusal import Refusal
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, refusal, token
from tests.checkout.world import NOW, SHOP, cart, later
from tests.racing import race

pytestmark = pytest.mark.django_db


def sells(sku: str, **now: object) -> None:
    """The catalogue changes, and this process knows."""
    Product.objects.filter(sku=sku).update(**now)
    goods._kept.goods = None


def buys(key: str, buyer: str = "mei") -> int:
    made = hold(token(buyer), by=SHOP, now=NOW, key=f"h{key}")
    return redeem(made.hold, by=SHOP, now=NOW, key=f"r{key}").paid


def test_a_limit_for_each_shopper_serves_nobody_who_is_not_named() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 1)
    found = quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW)
    assert found.payable == 9900
    assert [(each["offer"], each["code"]) for each in found.price["verdicts"]] == [("a", "limit")]
    assert hold(found.token, by=SHOP, now=NOW, key="h").payable == 9900
    assert quote(cart(("t-01", 1, 9900), buyer="mei"), by=SHOP, now=NOW).payable == 9400


def test_a_raised_limit_serves_those_who_had_the_old_one() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 1)
    assert [buys("1"), buys("2")] == [9400, 9900]
    world.per_shopper("a", 2)
    assert [buys("3"), buys("4")] == [9400, 9900]


def test_a_lowered_limit_binds_those_who_have_used_the_old_one() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 3)
    assert buys("1") == 9400
    old = token("mei")
    world.per_shopper("a", 1)
    assert buys("2") == 9900
    assert refusal(lambda: hold(old, by=SHOP, now=NOW, key="h")).detail["quote"]["payable"] == 9900


def test_a_limit_that_was_taken_back_limits_nothing() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 1)
    assert buys("1") == 9400
    Promotion.objects.update(per_shopper=None)
    world.changed()
    assert [buys("2"), buys("3")] == [9400, 9400]


def test_a_limit_agreed_on_at_this_moment_binds_holds_of_a_process_that_has_not_heard() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 2)
    assert buys("1") == 9400
    old = token("mei")
    Promotion.objects.update(per_shopper=1)
    BookVersion.objects.update(number=F("number") + 1)
    assert refusal(lambda: hold(old, by=SHOP, now=NOW, key="h")).detail["quote"]["payable"] == 9900


def test_a_limit_counts_holds_that_race() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 2)
    old = token("mei")
    answers = race(8, lambda n: hold(old, by=SHOP, now=NOW, key=f"h{n}"))
    assert [held.payable for held in answers if not isinstance(held, BaseException)] == [9400, 9400]
    assert {refused.code for refused in answers if isinstance(refused, Refusal)} == {"quote_changed"}


def test_a_quote_that_has_ended_is_asked_anew_of_the_catalogue() -> None:
    world.offer("a", type="percent", **{"with": {"basis_points": 5000}})
    old = token()
    sells("t-01", list_price=99_000, tag_floor=80_000)
    late = later(days=180)
    for accept in ("same", "lower_or_equal"):
        refused = refusal(lambda accept=accept: hold(old, accept=accept, by=SHOP, now=late, key="h"))
        assert (refused.code, refused.detail["quote"]["payable"]) == ("quote_changed", 80_000)
        assert {"what": "payable", "was": 4950, "is": 80_000} in refused.detail["differences"]
    new = refused.detail["quote"]["token"]
    assert hold(new, by=SHOP, now=late, key="h2").payable == 80_000


def test_a_quote_that_has_ended_knows_its_goods_by_todays_shelf() -> None:
    world.offer("sport", scope={"category": ["sport"]}, **OFF_5)
    old = token()
    sport = Product.objects.get(sku="s-01").category
    sells("t-01", category=sport)
    assert hold(old, accept="lower_or_equal", by=SHOP, now=later(minutes=11), key="h").payable == 9400


def test_within_its_ten_minutes_a_quote_keeps_its_goods() -> None:
    world.offer("a", **OFF_5)
    old = token()
    sells("t-01", list_price=99_000, tag_floor=80_000)
    assert hold(old, by=SHOP, now=later(minutes=9), key="h").payable == 9400


def test_a_shopper_is_new_once_however_many_quotes_were_taken_before() -> None:
    world.offer("welcome", when=[{"new_buyer": {}}], **OFF_5)
    taken = [token("tao") for _ in range(3)]
    first = hold(taken[0], by=SHOP, now=NOW, key="h0")
    assert redeem(first.hold, by=SHOP, now=NOW, key="r0").paid == 9400
    for number, old in enumerate(taken[1:]):
        refused = refusal(lambda old=old, number=number: hold(old, by=SHOP, now=NOW, key=f"h{number + 1}"))
        assert (refused.code, refused.detail["quote"]["payable"]) == ("quote_changed", 9900)


def coupons_of_mei(count: int, expires: datetime | None) -> list[str]:
    template, mei = Template.objects.get(), Shopper.objects.get(code="mei")
    begin = Coupon.objects.filter(shopper=mei).count() + 1
    rows = [
        Coupon(id=f"c-{n:05}", merchant_id=1, template=template, shopper=mei, n=n, origin="issue", claimed_at=NOW,
               expires_at=expires, key_owner=1)
        for n in range(begin, begin + count)
    ]  # fmt: skip
    Coupon.objects.bulk_create(rows)
    return [row.id for row in rows]


def wallet_of_mei() -> list[str]:
    return [coupon["id"] for coupon in open_token(token("mei"))["facts"]["wallet"]]


def test_a_chosen_coupon_is_held_however_full_the_wallet() -> None:
    world.coupon("c", stock=5, **OFF_5)
    coupons_of_mei(250, later(days=1))
    last = coupons_of_mei(1, later(days=2))[0]
    assert hold(token("mei", (last,)), by=SHOP, now=NOW, key="h").coupons == [last]


def test_coupons_that_have_ended_do_not_hide_the_ones_that_serve() -> None:
    world.coupon("c", stock=5, **OFF_5)
    coupons_of_mei(250, later(days=-1))
    good = coupons_of_mei(1, later(days=1))[0]
    assert wallet_of_mei() == [good]


def test_a_coupon_without_an_end_comes_after_those_with_one() -> None:
    world.coupon("c", stock=5, **OFF_5)
    coupons_of_mei(200, None)
    soon = coupons_of_mei(1, later(days=1))[0]
    assert wallet_of_mei()[0] == soon


def test_a_coupon_that_ends_between_quote_and_hold_is_named_as_gone() -> None:
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    old = token("mei", (mine,))
    Coupon.objects.update(expires_at=later(minutes=5))
    refused = refusal(lambda: hold(old, by=SHOP, now=later(minutes=6), key="h"))
    assert {"what": "coupon", "coupon": mine, "is": "gone"} in refused.detail["differences"]
