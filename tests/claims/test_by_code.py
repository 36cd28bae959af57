"""A code from a flyer: once, for whoever is first, and nothing is learnt by guessing."""

from collections import Counter
from datetime import timedelta

import pytest

from festoon.checkout.invariants import every
from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon
from festoon.coupons.pools import take_codes
from festoon.distribution.by_code import claim_by_code
from festoon.distribution.claims import claim
from festoon.distribution.soldout import sold_out
from festoon.offers.actions import stop
from festoon.offers.version import unreadable, watch
from festoon.records.canonical import digest_of
from festoon.records.refusal import Invalid, KeyReused, Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, TILL
from tests.racing import race

pytestmark = pytest.mark.django_db
CODES = [f"FLYER{n:03}" for n in range(30)]


@pytest.fixture(autouse=True)
def flyer(small_world):
    world.coupon("c", stock=20, per_shopper=2, type="amount", **{"with": {"off": 500}})
    take_codes("c", CODES, batch="flyer", by=SHOP, now=NOW, key="flyer")


def tried(code, shopper="mei", key="k", now=NOW, near=""):
    try:
        return claim_by_code(code, shopper, near=near, by=SHOP, now=now, key=key).code
    except Refusal as refusal:
        return refusal.code


def test_the_coupon_bears_the_code_and_the_code_is_spent():
    assert tried("flyer-000") == "FLYER000"
    assert tried("flyer-000") == "FLYER000", "the same key again"
    assert tried("FLYER000", "tao", key="other") == "no_such_code"
    [coupon] = coupons.wallet(SYSTEM, "mei", now=NOW)
    assert (coupon.code, coupon.pool_code.batch) == ("FLYER000", "flyer")
    with pytest.raises(KeyReused):
        claim_by_code("FLYER001", "mei", by=SHOP, now=NOW, key="k")
    with pytest.raises(Invalid):
        claim_by_code("FLYER001", "mei", by=SHOP, now=NOW, key="")
    assert [invariant.code for invariant in every() if invariant.check(NOW).problems] == []


def test_a_merchant_that_sees_nothing_of_the_coupon_gets_its_own_answer_again():
    """What the platform gives for other goods may be claimed at any till, and a till may ask twice."""
    world.coupon("kites", stock=9, scope={"sku": ["s-01"]}, type="amount", **{"with": {"off": 500}})
    take_codes("kites", ["KITES1", "KITES2"], batch="kites", by=SHOP, now=NOW, key="kites")
    first = claim_by_code("KITES1", "mei", by=TILL, now=NOW, key="k")
    assert not coupons.visible(TILL).filter(id=first.coupon).exists()
    assert claim_by_code("KITES1", "mei", by=TILL, now=NOW + timedelta(hours=1), key="k") == first
    with pytest.raises(KeyReused):
        claim_by_code("KITES2", "mei", by=TILL, now=NOW, key="k")
    assert coupons.wrong_tries(SYSTEM).count() == 0
    assert tried("KITES1", key="k") == "no_such_code", "the platform's key of the same name is another"


def test_who_asks_twice_at_one_moment_is_answered_twice(monkeypatch):
    """The first is written between the second's look for its key and its look for the code."""
    look, others = coupons.by_key, iter(["the first"])

    def looked(*asked):
        found = look(*asked)
        for _ in others:
            assert tried("FLYER000") == "FLYER000"
        return found

    monkeypatch.setattr(coupons, "by_key", looked)
    assert tried("FLYER000") == "FLYER000"
    assert coupons.visible(SYSTEM).count() == 1
    assert coupons.wrong_tries(SYSTEM).count() == 0


def claimed(key="k"):
    """A coupon of the same offer, claimed without a code."""
    return claim("c", "mei", by=SHOP, now=NOW, key=key)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("first", [lambda: tried("FLYER000"), claimed])
def test_with_one_key_another_call_at_one_moment_is_refused(monkeypatch, first, last):
    """The first is written between the second's look for its key and its own claim, also where it took the last one."""
    look, others = coupons.by_key, iter([first])

    def looked(*asked):
        found = look(*asked)
        for other in others:
            other()
            if last:
                monkeypatch.setattr(sold_out, "holds", lambda _: True)
        return found

    monkeypatch.setattr(coupons, "by_key", looked)
    assert tried("FLYER001") == "key_reused"
    assert coupons.pool(SYSTEM).filter(code="FLYER001", coupon=None).exists(), "the code stays in the pool"
    assert coupons.visible(SYSTEM).count() == 1
    assert coupons.wrong_tries(SYSTEM).count() == 0


def test_a_key_that_got_a_coupon_by_its_code_claims_none_and_the_other_way_round():
    assert tried("FLYER000", key="code") == "FLYER000"
    with pytest.raises(KeyReused):
        claimed(key="code")
    claimed(key="claim")
    assert tried("FLYER001", key="claim") == "key_reused"


def test_a_code_claimed_before_the_upgrade_is_answered_again():
    """Its row bears the hash of a plain claim."""
    first = claim_by_code("FLYER000", "mei", by=SHOP, now=NOW, key="k")
    Coupon.objects.update(body=digest_of("claim", "c", "mei", ""))
    assert claim_by_code("FLYER000", "mei", by=SHOP, now=NOW, key="k") == first
    assert tried("FLYER001") == "key_reused"


def test_of_many_who_have_one_code_at_once_one_gets_it():
    answers = race(10, lambda n: tried("FLYER001", f"town-{n:03}", key=f"k{n}"))
    assert Counter(answers) == {"FLYER001": 1, "no_such_code": 9}
    assert coupons.visible(SYSTEM).count() == 1


def test_beyond_the_limit_or_the_stock_a_code_stays_in_the_pool():
    assert [tried(CODES[n], key=f"a{n}") for n in range(3)] == ["FLYER000", "FLYER001", "no_such_code"]
    for n in range(3, 21):
        assert tried(CODES[n], f"town-{n:03}", key=f"b{n}") == CODES[n]
    assert tried(CODES[25], "tao", key="c") == "no_such_code", "sold out"
    assert coupons.pool(SYSTEM).filter(coupon=None, code__in=["FLYER002", "FLYER025"]).count() == 2


def test_every_code_that_leads_nowhere_gets_the_same_answer():
    assert tried("FLYER000", "tao", key="spent") == "FLYER000"
    answers = [tried("NEVERWAS1", key="a"), tried("FLYER000", key="b"), tried("", key="c")]
    stop("offer", "c", why="a test", by=SYSTEM, now=NOW)
    answers += [tried("FLYER002", key="d"), tried("FLYER003", key="e", now=NOW + timedelta(days=400))]
    assert answers == ["no_such_code"] * 5


def test_the_eleventh_wrong_code_in_five_minutes_is_not_looked_at():
    assert [tried(f"WRONG{n}", key=f"w{n}", near="10.0.0.1") for n in range(10)] == ["no_such_code"] * 10
    assert tried("FLYER004", key="right") == "too_many_tries"
    assert tried("FLYER004", "tao", key="near", near="10.0.0.1") == "too_many_tries"
    assert tried("FLYER004", key="right", now=NOW + timedelta(minutes=6)) == "FLYER004"


def test_what_could_not_be_looked_at_is_no_wrong_try(monkeypatch):
    """The database does not answer for a while, and the shop asks again and again with the same key."""

    def number():
        raise unreadable()

    with monkeypatch.context() as away:
        away.setattr(watch, "number", number)
        assert [tried("FLYER000") for _ in range(11)] == ["book_unreadable"] * 11
    assert tried("FLYER000") == "FLYER000"
