"""What is given faster than planned is stopped, and what that saved is said."""

from datetime import timedelta

import pytest

from festoon.coupons import queries as coupons
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.offers import actions, burning, queries
from festoon.offers.burns import queries as burns
from festoon.offers.models import Spending
from festoon.records import events
from festoon.records.refusal import Forbidden, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
WILLOW = Viewer("person:ye", 2, frozenset({"*"}))


@pytest.fixture(autouse=True)
def small_world(transactional_db):
    world.begin()
    world.coupon("c", stock=10_000, per_shopper=10_000, type="amount", **{"with": {"off": 500}})


def give(count, at):
    """So many claims at once; how many were granted."""
    granted = 0
    for n in range(count):
        try:
            claim("c", "mei", by=SHOP, now=at, key=f"{at.isoformat()}-{n}")
            granted += 1
        except Refusal as refusal:
            assert refusal.code == "stopped"  # noqa: PT017
    return granted


def rule(**more):
    given = {"factor": 300, "minutes": 1, "per_hour": 240, **more}
    return burning.set_rule("offer", "c", by=SHOP, now=NOW, **given)


def test_a_rate_that_rises_tenfold_is_stopped_within_a_minute_and_nothing_is_given_after():
    rule()  # four a minute are planned
    now = NOW
    for _ in range(20):  # five minutes as planned: one each 15 s
        assert give(1, now) == 1
        assert burning.check(now) == []
        now += timedelta(seconds=15)
    rose, granted = now, 0
    alarms: list = []
    while not alarms and now < rose + timedelta(minutes=5):
        granted += give(10, now)  # ten times as many
        alarms = burning.check(now)
        now += timedelta(seconds=15)
    assert alarms
    assert alarms[0].at - rose <= timedelta(seconds=60)
    assert give(5, now) == 0, "stopped"
    assert coupons.visible(SYSTEM).count() == 20 + granted
    [alarm] = burns.alarms(SYSTEM)
    assert (alarm.planned, alarm.taken > 12) == (4, True)
    left = accounts.balance("stock:c")
    assert left is not None
    assert alarm.exposure == min(left, alarm.taken * 86_400 // 60), "a day ahead at this pace, as far as there is stock"
    told = [event for _, batch in events.read_after(0, 999) for event in batch if event["kind"] == "offer.burning"]
    assert [event["exposure"] for event in told] == [alarm.exposure]
    assert "burn rate" in queries.stops(SYSTEM).get().why


def test_as_planned_it_is_left_alone_and_without_the_rule_nothing_is_stopped():
    assert give(50, NOW) == 50
    assert burning.check(NOW) == []
    rule(per_hour=6000)
    burning.check(NOW)
    assert give(99, NOW + timedelta(seconds=10)) == 99
    assert burning.check(NOW + timedelta(seconds=30)) == [], "a hundred a minute are planned"


@pytest.mark.parametrize("apart", [17, 59])
def test_whoever_reads_seldom_compares_with_what_was_planned_since(apart):
    """Forty a minute as planned, and a little more is an alarm: it is none because nobody looked for long."""
    rule(factor=115, per_hour=2400)
    given, at = 0, 0
    while at < 200:
        assert burning.check(NOW + timedelta(seconds=at)) == []
        at += apart
        given += give(at * 40 // 60 - given, NOW + timedelta(seconds=at))
    give(20, NOW + timedelta(seconds=at, milliseconds=1))
    assert burning.check(NOW + timedelta(seconds=at, milliseconds=1)) != []


def test_what_was_given_while_nobody_looked_is_compared_when_somebody_does():
    """Four a minute are planned; two hundred went in ten minutes in which no check ran."""
    rule()
    burning.check(NOW)
    give(200, NOW + timedelta(minutes=4))
    assert burning.check(NOW + timedelta(minutes=10)) != []


def test_what_goes_fast_after_such_a_gap_is_not_spread_over_it():
    rule()
    burning.check(NOW)
    assert burning.check(NOW + timedelta(minutes=10)) == []
    give(20, NOW + timedelta(minutes=10, seconds=15))
    assert burning.check(NOW + timedelta(minutes=10, seconds=30)) != [], "twenty in half a minute, not in ten"


def test_a_promotion_is_watched_by_what_it_may_spend():
    made = world.offer("open", type="amount", **{"with": {"off": 500}})
    Spending.objects.create(offer=made, most=90_000, zone="Asia/Shanghai")
    accounts.filled(accounts.spending("open"), 90_000, merchant_id=1, kind="spending", unit="CNY", at=NOW)
    assert burning.set_rule("offer", made.code, factor=200, per_hour=6_000, by=SHOP, now=NOW).accounts == [
        "spending:all:open"
    ]
    burning.check(NOW)
    account = ledger.account(SYSTEM, "spending:all:open")
    assert account is not None
    accounts.take(account, 50_000, at=NOW, refuse=NotFound("account"))
    burning.check(NOW + timedelta(minutes=1))
    assert "500.00 CNY in 5 min, planned 5.00 CNY" in queries.stops(SYSTEM).get().why, "money is said as money"


def test_without_a_stated_plan_it_is_the_stock_spread_over_the_dates():
    made = rule(per_hour=None, minutes=60, factor=200)  # 10,000 over twelve days: 34 an hour
    burning.check(NOW)
    give(60, NOW + timedelta(minutes=10))
    assert burning.check(NOW + timedelta(minutes=30)) == []
    give(20, NOW + timedelta(minutes=40))
    [alarm] = burning.check(NOW + timedelta(minutes=50))
    assert (alarm.taken, alarm.planned, alarm.rule_id) == (80, 10_000 * 3600 // (12 * 86_400), made.pk)


def test_a_rule_fires_once_and_is_armed_again_by_hand():
    rule()
    burning.check(NOW)
    give(40, NOW + timedelta(seconds=5))
    fired = race(3, lambda _: burning.check(NOW + timedelta(seconds=10)))
    assert sum(len(alarms) for alarms in fired) == 1
    assert burning.check(NOW + timedelta(seconds=20)) == []
    actions.lift("offer", "c", by=SHOP, now=NOW)
    rule(factor=1000)
    assert give(1, NOW + timedelta(seconds=30)) == 1
    burning.see(burns.alarms(SYSTEM).get().pk, by=SHOP, now=NOW)
    assert burns.alarms(SYSTEM).get().seen_by == SHOP.name


def test_a_campaign_is_watched_by_its_budget():
    world.budget("platform", 1_000_000)
    burning.set_rule("campaign", "double-12", factor=200, minutes=5, per_hour=1_200, by=SHOP, now=NOW)
    burning.check(NOW)
    refuse = NotFound("budget")
    from festoon.ledger.queries import account

    accounts.take(account(SYSTEM, "budget:double-12:discount:platform"), 500, at=NOW, refuse=refuse)
    [alarm] = burning.check(NOW + timedelta(minutes=1))
    assert (alarm.taken, alarm.planned, alarm.rule.kind) == (500, 100, "campaign")
    assert give(1, NOW) == 0, "everything of the campaign is stopped"


def test_wrong_calls_write_nothing():
    for given, error in (
        ({"factor": 100}, Invalid), ({"minutes": 0}, Invalid), ({"per_hour": 0}, Invalid),
        ({"per_hour": 10**15 + 1}, Invalid),
    ):  # fmt: skip
        with pytest.raises(error):
            rule(**given)
    world.offer("open", type="amount", **{"with": {"off": 500}})
    with pytest.raises(Invalid):
        burning.set_rule("offer", "open", factor=200, by=SHOP, now=NOW)
    with pytest.raises(NotFound):
        burning.set_rule("offer", "nothing", factor=200, by=SHOP, now=NOW)
    with pytest.raises(NotFound):
        burning.set_rule("offer", "c", factor=200, by=WILLOW, now=NOW)
    with pytest.raises(Forbidden):
        burning.set_rule("offer", "c", factor=200, by=Viewer("k", 1, frozenset()), now=NOW)
    assert burns.burn_rules(SYSTEM).count() == 0
