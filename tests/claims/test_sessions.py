"""Sessions: at ten, two and eight o'clock so many each; what one leaves over is not the next one's."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from festoon.catalog.models import Merchant
from festoon.checkout.invariants import every
from festoon.coupons import queries as coupons
from festoon.coupons import sessions
from festoon.coupons.models import Template
from festoon.distribution.claims import claim
from festoon.distribution.soldout import sold_out
from festoon.ledger import accounts
from festoon.ledger.models import Account
from festoon.records.batch import Wrong
from festoon.records.refusal import Conflict, Invalid, Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
DAY = world.NOW.replace(hour=0, minute=0)  # 08:00 in Shanghai
TEN, TWO, EIGHT = (DAY + timedelta(hours=hours) for hours in (2, 6, 12))


def agreed(*rows):
    """The coupon, released with these sessions (in Shanghai's time), a hundred in all."""
    template = Template.objects.filter(offer__code="c").first()
    if template is None:
        world.coupon("c", stock=100, per_shopper=3, type="amount", **{"with": {"off": 500}})
        template = Template.objects.get(offer__code="c")
    template.offer.draft["terms"] = {"sessions": sessions.read(list(rows))}
    template.offer.ends_at = DAY + timedelta(hours=16)
    with transaction.atomic():
        sessions.settle([template], {template.pk: Merchant.objects.get(code="lantern").zone}, world.NOW)
    world.changed()


def at(hour, stock, **more):
    return {"start": f"2026-12-12T{hour}:00", "stock": stock, **more}


def tried(shopper, moment, key):
    try:
        claim("c", shopper, by=SHOP, now=moment, key=key)
    except Refusal as refusal:
        return refusal.code
    return "granted"


def test_each_session_gives_its_own_stock_and_no_more_however_many_come():
    agreed(at(10, 7), at(14, 5), at(20, 3))
    assert tried("mei", TEN - timedelta(seconds=1), "early") == "not_open"
    for moment, stock in ((TEN, 7), (TWO, 5), (EIGHT, 3)):
        names = [f"town-{n:03}" for n in range(40)]

        def rush(number, moment=moment, names=names):
            return [tried(name, moment, f"{moment}-{name}") for name in names[number::4]]

        answers = Counter(answer for given in race(4, rush) for answer in given)
        assert answers == {"granted": stock, "sold_out": 40 - stock}
    assert accounts.balance("stock:c") == 100 - 15
    assert [session.stock.spent for session in coupons.sessions(SYSTEM)] == [7, 5, 3]
    assert [invariant.code for invariant in every() if invariant.check(EIGHT).problems] == []


@pytest.mark.parametrize("empty", ["the coupon's", "the session's"])
def test_what_is_remembered_as_gone_is_the_stock_that_is(empty):
    agreed(at(10, 5), at(14, 5))
    [first, second] = (session.stock.code for session in coupons.sessions(SYSTEM))
    gone = "stock:c" if empty == "the coupon's" else first
    Account.objects.filter(code=gone).update(granted=0)  # as though it had been given elsewhere
    sold_out.forget()
    assert tried("mei", TEN, "k") == "sold_out"
    assert [sold_out.holds(stock) for stock in ("stock:c", first, second)] == [gone == "stock:c", gone == first, False]


def test_between_sessions_and_after_the_last_nothing_is_given():
    agreed(at(10, 5, end="2026-12-12T10:30"), at(14, 5))
    assert tried("mei", TEN + timedelta(minutes=29), "a") == "granted"
    assert tried("mei", TEN + timedelta(minutes=30), "b") == "not_open"
    assert tried("mei", TWO, "c") == "granted"
    assert tried("mei", DAY + timedelta(hours=16), "d") == "not_open"
    assert tried("mei", TEN + timedelta(minutes=45), "a") == "granted", "the same key, the same coupon"


def test_without_the_sessions_own_account_the_first_would_give_everything(monkeypatch):
    from festoon.distribution.claimable import Claimable

    agreed(at(10, 2), at(14, 5))
    monkeypatch.setattr(Claimable, "stocks", lambda self, now: (self.stock,))
    assert [tried(f"town-{n:03}", TEN, f"k{n}") for n in range(4)] == ["granted"] * 4


def test_a_later_release_adds_drops_and_raises_and_takes_nothing_back():
    agreed(at(10, 2), at(14, 5))
    assert tried("mei", TEN, "a") == "granted"
    agreed(at(10, 3), at(20, 4))
    assert [(session.stock.granted, session.dropped) for session in coupons.sessions(SYSTEM)] == [
        (3, False), (5, True), (4, False),
    ]  # fmt: skip
    assert tried("tao", TEN + timedelta(hours=5), "b") == "granted", "ten o'clock lasts until eight now"
    with pytest.raises(Conflict):
        agreed(at(10, 1))


@pytest.mark.parametrize(
    "value",
    [3, [3], [{}], [{"start": "soon", "stock": 1}], [{"start": None, "stock": 1}], [{"start": "2026-12-12T10:00", "stock": 0}],
     [{"start": "2026-12-12T10:00", "stock": 1, "colour": 1}], [{"start": "2026-12-12T10:00", "stock": 1}] * 101],
)  # fmt: skip
def test_what_is_no_session_is_refused(value):
    with pytest.raises(Wrong):
        sessions.read(value)


def test_sessions_follow_one_another_by_moment_however_each_is_written():
    """Fails where they are in the order of their texts: ten in Shanghai is two in Greenwich."""
    agreed(at(10, 2), {"start": "2026-12-12T06:00+00:00", "stock": 1})
    first = coupons.sessions(SYSTEM)[0]
    assert (first.starts_at, first.ends_at) == (TEN, TWO)


def test_sessions_that_overlap_are_refused():
    with pytest.raises(Invalid):
        agreed(at(10, 2, end="2026-12-12T15:00"), at(14, 5))
