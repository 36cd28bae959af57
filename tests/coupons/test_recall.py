"""A coupon is recalled: what was out then is honoured or void, and made up for; what is given after it is out again is not.

Which of the two a coupon is, no clock decides: each case has its verbs at the moments that would mislead.
"""

import pytest
from django.db import transaction

from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem, refund
from festoon.checkout.invariants import every
from festoon.checkout.limits import HOLD_LASTS
from festoon.coupons import queries
from festoon.coupons.bulk import issue_many
from festoon.coupons.issuing import issue
from festoon.coupons.jobs import BulkIssue
from festoon.coupons.recalling import ORDERS_END, VoidCoupons, recall, void_one
from festoon.distribution.claims import claim
from festoon.offers.models import Offer, Release
from festoon.offers.releases import release
from festoon.records import jobs
from festoon.records.models import Job
from festoon.records.refusal import Conflict, Invalid
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, cart, later

pytestmark = pytest.mark.django_db
OFF_5 = {"type": "amount", "with": {"off": 500}}
PURSE = {"type": "red_envelope", "with": {"amount": 8000, "divisible": True}}


def out_again(at=None):
    """The next version of the recalled coupon is agreed on, twenty minutes later if nothing else is said."""
    data = Release.objects.filter(code="c").latest("version").data
    with transaction.atomic():
        release("offer", "c", data, merchant_id=1, review_id=0, by=SYSTEM, now=at or later(minutes=20))
    world.changed()


def bought(coupon, key, at=NOW, buyer="mei"):
    token = quote(cart(("t-01", 1, 9900), buyer=buyer, chosen=(coupon,)), by=SHOP, now=at).token
    return hold(token, by=SHOP, now=at, key=key).hold


def given_back(made, how):
    if how == "cancelled":
        cancel(made, by=SHOP, now=later(minutes=1))
    elif how == "expired":
        expire_due(later(minutes=16))
    else:
        done = redeem(made, by=SHOP, now=later(minutes=1), key="r")
        refund(done.redemption, {"a": 1}, by=SHOP, now=later(minutes=2), key="f")


def work(at):
    while jobs.run_next({"issue": BulkIssue(), "void": VoidCoupons()}, worker="w", now=at):
        pass


def test_who_pays_with_it_after_all_gets_none_that_makes_up_for_it():
    """Given at once, they had both: the coupon of the order that was open, and the other."""
    world.coupon("c", stock=5, **OFF_5)
    world.coupon("d", stock=5, **OFF_5)
    made = bought(claim("c", "mei", by=SHOP, now=NOW, key="k").coupon, "h")
    claim("c", "tao", by=SHOP, now=NOW, key="t")
    recall("c", outstanding="void", why="a slip", compensation="d", by=SYSTEM, now=NOW, key="recall")
    work(NOW)
    assert not queries.unused(SYSTEM, "d").exists(), "not before the order is paid or over"
    redeem(made, by=SHOP, now=later(minutes=14), key="r")
    work(NOW + ORDERS_END)
    had = {
        who: dict(queries.wallet(SYSTEM, who).values_list("template__offer__code", "state")) for who in ("mei", "tao")
    }
    assert had == {"mei": {"c": "redeemed"}, "tao": {"c": "void", "d": "claimed"}}
    assert ORDERS_END > HOLD_LASTS


@pytest.mark.parametrize("how", ["cancelled", "expired", "refunded"])
def test_what_an_order_had_when_all_was_made_void_does_not_come_back_beside_what_made_up_for_it(how):
    """Held while the coupon is recalled, made up for by another one, given back, and the coupon is out again."""
    world.coupon("c", stock=5, per_shopper=2, refund={"convert": {}}, **OFF_5)
    world.coupon("d", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    made = bought(mine, "h")
    recall("c", outstanding="void", why="a slip", compensation="d", by=SYSTEM, now=NOW, key="recall")
    work(NOW)
    given_back(made, how)
    out_again()
    work(NOW + ORDERS_END)
    states = dict(queries.wallet(SYSTEM, "mei").values_list("template__offer__code", "state"))
    assert states == {"c": "void", "d": "claimed"}, "one of the two"
    newer = claim("c", "mei", by=SHOP, now=later(minutes=21), key="k2").coupon
    cancel(bought(newer, "h2", later(minutes=21)), by=SHOP, now=later(minutes=22))
    assert queries.by_ids(SYSTEM, [newer])[newer].state == "claimed", "what was given since is as it was"
    assert [one.code for one in every() if one.check(later(minutes=22)).problems] == []


def coupons(*codes, benefit=OFF_5):
    """Coupons with enough in stock for all that is told here."""
    for code in codes:
        world.coupon(code, stock=9, per_shopper=3, **benefit)


def claimed(shopper, at=NOW):
    return claim("c", shopper, by=SHOP, now=at, key=f"{shopper} {at}").coupon


def recalled(outstanding="void", at=NOW, **more):
    recall("c", outstanding=outstanding, why="a slip", by=SYSTEM, now=at, key=f"{at} {more}", **more)


def states():
    """Whose coupons are in which state, by the order in which the shopper got them."""
    rows = queries.visible(SYSTEM).order_by("shopper__code", "template__offer__code", "n")
    return list(rows.values_list("shopper__code", "template__offer__code", "state"))


def whole(at=NOW):
    return [one.code for one in every() if one.check(at).problems] == []


def test_what_is_claimed_after_the_next_release_is_left_by_the_job_of_the_recall():
    """Fails when the job marks all that is claimed; all at one moment, so no comparison of moments helps it."""
    coupons("c")
    claimed("mei")
    claimed("tao")
    recalled()
    out_again(NOW)
    newer = claim("c", "mei", by=SHOP, now=NOW, key="new").coupon
    issue(Offer(code="c"), ["tao"], by=SHOP, now=NOW, key="new")
    issue_many("c", {"shoppers": ["town-001"]}, by=SHOP, now=NOW, key="many")
    work(NOW)
    left = [("mei", "c", "void"), ("mei", "c", "claimed"), ("tao", "c", "void"), ("tao", "c", "claimed")]
    assert states() == [*left, ("town-001", "c", "claimed")]
    assert bought(newer, "h")
    assert whole()


def test_an_issue_that_was_prepared_before_the_recall_gives_coupons_of_the_next_release():
    """Fails when the chunk believes what it read before it had the book: its coupons would be made void."""
    coupons("c")
    issue_many("c", {"shoppers": ["mei"]}, by=SHOP, now=NOW, key="k")
    job, handler = Job.objects.get(kind="issue"), BulkIssue()
    while job.cursor.get("phase") != "give":
        jobs.run_next({"issue": handler}, worker="w", now=NOW)
        job.refresh_from_db()
    handler.prepare(job, NOW)
    claimed("tao")
    recalled()
    out_again(NOW)
    with transaction.atomic():
        handler.chunk(job, NOW)
    while jobs.run_next({"void": VoidCoupons()}, worker="w", now=NOW):
        pass
    assert states() == [("mei", "c", "claimed"), ("tao", "c", "void")]


@pytest.mark.parametrize("benefit", [OFF_5, PURSE], ids=["used once", "a balance"])
def test_what_a_paused_job_has_not_marked_serves_no_order_though_the_coupon_is_out_again(benefit):
    """Fails when only the job's mark keeps a void coupon from an order."""
    coupons("c", benefit=benefit)
    mine = claimed("mei")
    swept = bought(claimed("tao"), "h", buyer="tao")
    expire_due(later(minutes=16))
    recalled(at=later(minutes=16))
    jobs.pause(Job.objects.get(kind="void").pk, by=SYSTEM, now=later(minutes=16))
    out_again()
    at = later(minutes=21)
    assert not queries.wallet(SYSTEM, "mei", now=at).exists()
    with pytest.raises(Invalid, match="coupon_unknown"):
        bought(mine, "m", at)
    with pytest.raises(Conflict, match="expired"):
        redeem(swept, by=SHOP, now=at, key="late")
    assert whole(at)


@pytest.mark.parametrize("outstanding", ["honour", "void"])
def test_what_was_made_void_by_hand_is_not_made_up_for(outstanding):
    """A fraud on Monday; on Friday the coupon is recalled, and those who held one get another."""
    coupons("c", "d")
    void_one(claimed("mei"), why="fraud", by=SYSTEM, now=NOW)
    claimed("tao")
    recalled(outstanding, at=later(days=4), compensation="d")
    work(later(days=4) + ORDERS_END)
    then = "void" if outstanding == "void" else "claimed"
    assert states() == [("mei", "c", "void"), ("tao", "c", then), ("tao", "d", "claimed")]
    assert whole(later(days=4) + ORDERS_END)


@pytest.mark.parametrize("outstanding", ["honour", "void"])
def test_what_an_earlier_recall_made_void_is_not_made_up_for_again(outstanding):
    """In January Mei's is made void and made up for by d; in March, recalled again, only Tao held one: he gets e."""
    coupons("c", "d", "e")
    claimed("mei")
    recalled(compensation="d")
    work(NOW + ORDERS_END)
    out_again()
    claimed("tao", later(days=6))
    recalled(outstanding, at=later(days=6, hours=1), compensation="e")
    work(later(days=6, hours=1) + ORDERS_END)
    given = [(who, code) for who, code, _ in states() if code != "c"]
    assert given == [("mei", "d"), ("tao", "e")]


def test_what_was_honoured_once_is_made_up_for_when_it_is_made_void_later():
    coupons("c", "d")
    claimed("mei")
    recalled("honour")
    out_again()
    claimed("tao", later(minutes=21))
    recalled(at=later(minutes=22), compensation="d")
    work(later(minutes=22) + ORDERS_END)
    assert [row for row in states() if row[1] == "d"] == [("mei", "d", "claimed"), ("tao", "d", "claimed")]
    assert {state for _, code, state in states() if code == "c"} == {"void"}


@pytest.mark.parametrize("outstanding", ["honour", "void"])
def test_who_claims_after_the_next_release_gets_nothing_for_a_recall_that_was_before(outstanding):
    """Fails when who held one is told by the moment: Tao's clock is a little behind."""
    coupons("c", "d")
    claimed("mei")
    recalled(outstanding, compensation="d")
    out_again(NOW)
    claimed("tao", later(seconds=-30))
    work(NOW + ORDERS_END)
    assert [row for row in states() if row[1] == "d"] == [("mei", "d", "claimed")]


def test_what_was_claimed_between_the_click_and_the_commit_of_a_recall_is_void_and_made_up_for():
    """Fails when the moment of the click is what counts: the recall was clicked at noon and waited for the book."""
    coupons("c", "d")
    claimed("mei", later(seconds=5))
    ordered = bought(claimed("tao", later(seconds=5)), "h", later(seconds=5), "tao")
    recalled(at=NOW, compensation="d")
    work(NOW)
    cancel(ordered, by=SHOP, now=later(minutes=1))
    out_again()
    work(NOW + ORDERS_END)
    assert states() == [("mei", "c", "void"), ("mei", "d", "claimed"), ("tao", "c", "void"), ("tao", "d", "claimed")]
    assert whole()


def test_a_job_that_was_paused_before_its_time_still_waits_for_it():
    """Fails where it goes on at once: who pays the order that was open has both."""
    coupons("c", "d")
    made = bought(claimed("mei"), "h")
    recalled(compensation="d")
    number = Job.objects.get(kind="issue").pk
    jobs.pause(number, by=SYSTEM, now=later(minutes=1))
    jobs.resume(number, by=SYSTEM, now=later(minutes=2))
    work(later(minutes=3))
    redeem(made, by=SHOP, now=later(minutes=4), key="r")
    work(NOW + ORDERS_END)
    assert states() == [("mei", "c", "redeemed")]
    assert Job.objects.get(pk=number).state == "finished"


def test_without_a_key_each_recall_is_one_of_its_own():
    """Fails where what is ordered to make up for it has a key all the same: that of the recall before."""
    coupons("c", "d")
    claimed("mei")
    for at in (NOW, later(minutes=1)):
        recall("c", outstanding="honour", why="a slip", compensation="d", by=SYSTEM, now=at, key="")
        out_again(at)
    assert queries.issues(SYSTEM).count() == 2
