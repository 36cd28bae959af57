"""A coupon claimed on a shopper's behalf: every limit of a claim holds, and who asks is told about the shopper."""

import pytest
from django.db import transaction

from festoon.checkout.on_behalf import RIGHT, SAID, give, hindrances
from festoon.coupons import queries as coupons
from festoon.coupons.models import GivenFor
from festoon.distribution.claims import begin
from festoon.ledger import accounts
from festoon.ledger.store.plan import Plan
from festoon.offers import actions as offers
from festoon.records import keys
from festoon.records import queries as records
from festoon.records.refusal import Forbidden, KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.claims.test_claim import AMOUNT
from tests.racing import race

pytestmark = pytest.mark.django_db
DESK = Viewer("person:gu", 1, frozenset({RIGHT}), channel="console")


def given(key, shopper="mei", by=DESK):
    return give("one", shopper, why="asked", by=by, now=NOW, key=key)


def sold_out():
    given("before", "tao")


def limit_reached():
    given("before")


def per_period():
    world.limit("one", most=1)
    given("before")


def per_device():
    world.limit("one", device=1)


def not_open():
    world.distribution("d", offers=["one"], window={"start": world.later(days=1).isoformat()})


def not_for_you():
    world.distribution("d", offers=["one"], buyers=["tao"])


def in_the_app():
    world.distribution("d", offers=["one"], claim_channels=["app"])


def in_the_hall():
    world.distribution("d", offers=["one"], claim_scenes=["hall"])


HELD_BACK = [
    (limit_reached, 1, 9, "limit_reached"), (per_period, 2, 9, "limit_reached"), (per_device, 1, 9, "device_needed"),
    (sold_out, 1, 1, "sold_out"), (not_open, 1, 9, "not_open"), (not_for_you, 1, 9, "not_for_you"),
    (in_the_app, 1, 9, "not_for_channel"), (in_the_hall, 1, 9, "not_for_channel"),
]  # fmt: skip


@pytest.mark.parametrize(("by", "per_shopper", "stock", "code"), HELD_BACK)
def test_each_limit_of_a_claim_holds_and_is_told_about_the_shopper(by, per_shopper, stock, code):
    world.coupon("one", stock=stock, per_shopper=per_shopper, **AMOUNT)
    by()
    before = accounts.balance("stock:one")
    with pytest.raises(Refusal) as refused:
        given("k")
    assert refused.value.code == code
    if code in SAID and by is not per_period:
        assert refused.value.words == SAID[code]
    seen = hindrances(["one"], "mei", by=DESK, now=NOW)
    assert by is per_period or seen["one"].code == code, "what a day allows only the claim knows"
    assert accounts.balance("stock:one") == before


def test_what_is_stopped_is_given_by_nobody():
    world.coupon("one", stock=9, **AMOUNT)
    offers.stop("offer", "one", why="a test", by=SYSTEM, now=NOW)
    with pytest.raises(Refusal) as refused:
        given("k")
    assert refused.value.code == "stopped"


def test_pressed_often_at_once_it_is_one_coupon_with_one_name_and_one_row_that_people_read():
    world.coupon("one", stock=9, per_shopper=5, **AMOUNT)
    answers = race(6, lambda _: given("same"))
    assert len(set(answers)) == 1
    [made] = coupons.wallet(SYSTEM, "mei")
    assert (made.origin, made.channel, made.given_for.by, made.given_for.why) == (
        "claimed",
        "console",
        "person:gu",
        "asked",
    )
    assert records.visible(SYSTEM).filter(verb="claims.give_for").count() == 1
    assert hindrances(["one"], "mei", by=DESK, now=NOW) == {}
    with pytest.raises(KeyReused):
        given("same", "tao")


def test_a_retry_writes_the_row_that_a_crash_left_out(monkeypatch):
    world.coupon("one", stock=9, per_shopper=5, **AMOUNT)
    with monkeypatch.context() as broken:
        broken.setattr("festoon.checkout.on_behalf.record", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            given("k")
    assert GivenFor.objects.get().by == "person:gu", "in the commit of the claim"
    given("k")
    assert (GivenFor.objects.count(), records.visible(SYSTEM).filter(verb="claims.give_for").count()) == (1, 1)


def test_who_may_not_gives_nothing_and_a_merchant_gives_only_its_own():
    world.coupon("one", stock=9, **AMOUNT)
    with pytest.raises(Forbidden):
        given("k", by=Viewer("person:x", 1, frozenset({"claims.write"})))
    with pytest.raises(Refusal) as refused:
        given("k", by=Viewer("person:willow", 2, frozenset({RIGHT}), channel="console"))
    assert refused.value.status == 404
    assert given("k").shopper == "mei"


def test_a_claim_of_anybody_else_sends_what_it_sent():
    """Nothing is asked or written for a claim that nobody makes on another's behalf."""
    world.coupon("one", stock=9, **AMOUNT)
    plans: list[Plan] = []
    begin("one", "mei", by=SHOP, now=NOW, key="k", put=plans.append)
    assert [step.statement.name for step in plans[0].steps] == [
        "offers.stopped", "offers.live", "shopper.known", "coupon.claim"
    ]  # fmt: skip


def test_a_key_of_another_call_gives_nothing():
    world.coupon("one", stock=9, **AMOUNT)
    with transaction.atomic():
        keys.remember(by=DESK, key="k", verb="another", body=[], answer={}, now=NOW)
    with pytest.raises(KeyReused):
        given("k")
    assert not coupons.visible(SYSTEM).exists()
