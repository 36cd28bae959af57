"""So many in a day, a week or a month for a shopper, and so many on one device: to the moment, and under any rush."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from festoon.checkout.invariants import every
from festoon.coupons import limits
from festoon.coupons.issuing import issue
from festoon.coupons.models import Coupon, DeviceClaim, Template
from festoon.coupons.pools import take_codes
from festoon.coupons.validity import period
from festoon.distribution.by_code import claim_by_code
from festoon.distribution.claims import begin, claim
from festoon.ledger.store.promise import Promise
from festoon.records.batch import Wrong
from festoon.records.models import Outbox
from festoon.records.refusal import Invalid, Refusal
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

AMOUNT = {"type": "amount", "with": {"off": 500}}
SHANGHAI = timedelta(hours=8)
pytestmark = pytest.mark.django_db


def limited(most=None, each="day", device=None, per_shopper=9, stock=99, **more):
    world.coupon("c", stock=stock, per_shopper=per_shopper, **AMOUNT, **more)
    world.limit("c", most=most, each=each, device=device)


def refused(shopper="mei", key="k", now=NOW, device=""):
    """What the claim is refused by; None where it is granted."""
    try:
        claim("c", shopper, device=device, by=SHOP, now=now, key=key)
    except Refusal as refusal:
        return refusal
    return None


def reason(*given, **more):
    found = refused(*given, **more)
    return found.code if found else "granted"


def clock(text):
    """A moment by Shanghai's clock."""
    return datetime.fromisoformat(f"{text}+08:00")


def broken():
    return [invariant.code for invariant in every() if invariant.check(NOW).problems]


@pytest.mark.parametrize(
    ("each", "first", "last", "next_"),
    [
        ("day", "2026-12-12T00:00", "2026-12-12T23:59:59.999999", "2026-12-13T00:00"),
        ("week", "2026-12-07T00:00", "2026-12-13T23:59:59.999999", "2026-12-14T00:00"),
        ("month", "2026-12-01T00:00", "2026-12-31T23:59:59.999999", "2027-01-01T00:00"),
    ],
)
def test_a_period_is_full_to_its_last_moment_and_the_next_is_empty(each, first, last, next_):
    limited(most=1, each=each)
    assert reason(key="before", now=clock(first) - timedelta(microseconds=1)) == "granted"
    assert reason(key="a", now=clock(first)) == "granted"
    said = refused(key="b", now=clock(last))
    assert said.code == "limit_reached"
    assert said.detail == {"opens_again": clock(next_).astimezone(UTC).isoformat()}
    assert reason(key="c", now=clock(next_)) == "granted"
    assert reason("tao", "d", now=clock(last)) == "granted"
    assert broken() == []


def test_the_words_say_when_it_opens_again():
    limited(most=1)
    refused()
    said = refused(key="b").words
    assert said.en.endswith("one person may have in a day; you may have more from Dec 13, 2026, 00:00.")
    assert said.zh == "您今日已达领取上限，2026年12月13日 00:00 起可再次领取。"


def test_what_is_over_by_then_is_not_promised_and_who_has_all_is_not_told_to_come_back():
    limited(most=1, window={"end": "2026-12-13T00:00", "zone": "Asia/Shanghai"})
    refused()
    assert refused(key="b").detail == {}
    world.coupon("all", stock=9, per_shopper=1, **AMOUNT)
    world.limit("all", most=1)
    claim("all", "mei", by=SHOP, now=NOW, key="all")
    with pytest.raises(Refusal) as found:
        claim("all", "mei", by=SHOP, now=NOW, key="more")
    assert (found.value.code, found.value.detail) == ("limit_reached", {})


@pytest.mark.parametrize(
    ("at", "each", "zone", "start", "end"),
    [
        ("2026-03-08T12:00+00:00", "day", "America/New_York", "2026-03-08T05:00", "2026-03-09T04:00"),
        ("2028-02-29T12:00+00:00", "month", "UTC", "2028-02-01T00:00", "2028-03-01T00:00"),
        ("2026-12-31T16:00+00:00", "week", "Asia/Shanghai", "2026-12-27T16:00", "2027-01-03T16:00"),
    ],
)
def test_periods_are_the_calendars(at, each, zone, start, end):
    found = period(datetime.fromisoformat(at), each, zone)
    assert [moment.isoformat(timespec="minutes") for moment in found] == [f"{start}+00:00", f"{end}+00:00"]


def test_a_claim_that_comes_late_counts_for_the_day_it_was_made_in():
    limited(most=1)
    assert reason(key="today", now=clock("2026-12-13T00:00")) == "granted"
    assert reason(key="late", now=clock("2026-12-12T23:59")) == "granted"
    assert reason(key="later", now=clock("2026-12-12T23:59:30")) == "limit_reached"
    assert broken() == []


def test_what_is_issued_is_no_claim_and_counts_for_good():
    limited(most=1, per_shopper=2)
    issue(Template.objects.get().offer, ["mei"], by=SHOP, now=NOW, key="gift")
    assert reason(key="own") == "granted"
    assert refused(key="more").detail == {}
    assert broken() == []


def test_forty_want_the_last_one_of_the_day():
    limited(most=3)
    for n in range(2):
        assert reason(key=f"first-{n}") == "granted"
    answers = race(40, lambda n: reason(key=f"k{n}", device=f"phone {n}"))
    assert Counter(answers) == {"granted": 1, "limit_reached": 39}
    assert broken() == []


def test_forty_want_the_last_one_on_a_device():
    limited(device=3)
    for n in range(2):
        assert reason(f"town-{n:03}", key=f"first-{n}", device="phone") == "granted"
    answers = race(40, lambda n: reason(f"town-{n % 20 + 10:03}", key=f"k{n}", device="phone"))
    assert Counter(answers) == {"granted": 1, "limit_reached": 39}
    assert reason("mei", "other", device="another phone") == "granted"
    assert broken() == []


def test_a_replay_is_the_same_coupon_also_from_elsewhere_and_in_one_moment():
    limited(most=1, device=1)
    answers = race(8, lambda n: claim("c", "mei", device=f"phone {n}", by=SHOP, now=NOW, key="same"))
    assert len({each.coupon for each in answers}) == 1
    assert claim("c", "mei", by=SHOP, now=NOW, key="same") == answers[0]
    assert (Coupon.objects.count(), DeviceClaim.objects.count()) == (1, 1)
    assert broken() == []


def test_a_device_must_be_said_where_it_counts_and_is_kept_by_nobody():
    limited(device=1)
    assert (refused().code, refused().field) == ("device_needed", "device")
    assert reason(device="203.0.113.77") == "granted"
    assert reason("tao", "t", device="203.0.113.77") == "limit_reached"
    kept = [*DeviceClaim.objects.values(), *Coupon.objects.values(), *Outbox.objects.values()]
    assert "203.0.113.77" not in str(kept)
    with pytest.raises(Invalid) as found:
        claim("c", "tao", device="x" * 97, by=SHOP, now=NOW, key="long")
    assert found.value.field == "device"


def test_a_device_is_known_after_the_secret_was_changed(settings):
    limited(device=1)
    assert reason(device="phone") == "granted"
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the next one, as long as it must be"
    assert reason("tao", "t", device="phone") == "limit_reached"


def test_by_code_the_limits_hold_and_nothing_is_learnt():
    limited(most=1, device=2)
    take_codes("c", ["FLYER001", "FLYER002", "FLYER003"], batch="f", by=SHOP, now=NOW, key="f")

    def coded(code, shopper, near="phone"):
        try:
            return claim_by_code(code, shopper, near=near, by=SHOP, now=NOW, key=code + shopper).code
        except Refusal as refusal:
            return refusal.code

    assert [coded("FLYER001", "mei"), coded("FLYER002", "mei"), coded("FLYER002", "tao", near="")] == [
        "FLYER001", "no_such_code", "no_such_code",
    ]  # fmt: skip
    assert [coded("FLYER002", "tao"), coded("FLYER003", "town-001")] == ["FLYER002", "no_such_code"]
    assert broken() == []


def test_where_there_is_no_limit_nothing_more_is_asked():
    world.coupon("c", stock=9, **AMOUNT)

    def steps():
        plans = []

        def keep(plan):
            plans.append(plan)
            return Promise()

        begin("c", "mei", device="phone", by=SHOP, now=NOW, key="k", put=keep)
        return [step.statement.name for step in plans[0].steps], plans[0].beside

    plain, beside = steps()
    assert (plain[-2:], beside) == (["shopper.known", "coupon.claim"], "")
    world.limit("c", most=1, device=1)
    both, beside = steps()
    assert both == [*plain[:-1], "claims.in_period", "claims.on_device", "coupon.claim", "claims.device"]
    assert beside


@pytest.mark.parametrize(
    "value", [3, {}, {"each": "day"}, {"most": 0}, {"most": 1, "each": "year"}, {"most": 1, "of": 2}]
)
def test_a_draft_says_how_many_and_in_what(value):
    with pytest.raises(Wrong):
        limits.read(value)


def test_what_is_agreed_comes_into_force_and_what_was_claimed_before_is_not_judged_by_it():
    world.coupon("c", stock=9, per_shopper=9, **AMOUNT)
    for n in range(2):
        assert reason(key=f"before-{n}") == "granted"
    template, agreed_at = Template.objects.get(), NOW + timedelta(minutes=1)
    terms = {"per_period": limits.read({"most": 1}), "per_device": 2}
    limits.settle(template, terms, "Asia/Shanghai", agreed_at)
    limits.settle(template, terms, "Asia/Shanghai", NOW + timedelta(days=1))
    assert (template.period_most, template.period_each, template.limits_since) == (1, "day", agreed_at)
    assert limits.of_template(template) == limits.of_terms(terms)
    assert limits.of_terms(terms).zh == "每天限领 1 张，每台设备限领 2 张"
    template.save()
    world.changed()
    assert broken() == []
    later = NOW + timedelta(days=1)
    assert reason(key="next", now=later, device="phone") == "granted"
    forced = Coupon.objects.get(key="next")
    forced.pk, forced.n, forced.key, forced.code = "forced", 9, None, None
    forced.save(force_insert=True)
    said = {invariant.code: list(invariant.check(later).problems) for invariant in every()}
    assert said["per_period"] == ["mei claimed 2 of c in the day from 2026-12-13, 1 are allowed"]
    assert said["per_device"] == ["mei claimed c and no device is known"]
