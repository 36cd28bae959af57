"""Exclusions between two houses: nobody is passed over, read by a stranger, or written over."""

from types import SimpleNamespace

import pytest

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.coupons import actions as coupons
from festoon.offers import caution, exclusions, queries
from festoon.offers.book import book_data
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM
from festoon.review import flows, way
from festoon.review import queries as reviews
from festoon.review.actions import Said
from festoon.review.levels import Step
from festoon.review.models import Remark
from tests.desk import CHEN, LATER, LIN, NOW, REVIEWER, coupon, person, spend_and_save
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
OURS = Step(Words(en="The owner", zh="店主"), ["role:merchant"])


def of_house(merchant, code, by):
    payers = [{"payer": f"merchant:{merchant}", "basis_points": 10000}]
    return promotions.create(spend_and_save(code, scope={"all": True}, payers=payers, campaign=None), by=by, now=NOW)


def released(room, offer):
    room.submit(offer, by=LIN, now=NOW)
    room.approve(offer, by=CHEN, now=NOW)
    return queries.offer(SYSTEM, offer.code)


@pytest.fixture
def live(theme):
    """An offer of the platform's that is out, and its owner's people."""
    add_person("lin", merchant="lantern", name=Words("lin", "lin"), roles=["operator"], by=SYSTEM, now=NOW)
    return released(promotions, promotions.create(spend_and_save(scope={"all": True}), by=LIN, now=NOW))


@pytest.mark.parametrize("changed_meanwhile", [False, True])
def test_a_flow_of_its_own_people_that_does_not_hold_passes_nobody_over(live, ye, changed_meanwhile, monkeypatch):
    """An exclusion costs nothing, so a flow from ten percent on never holds: it asks nobody, and releases nothing either."""
    if changed_meanwhile:
        held = SimpleNamespace(own=lambda *_: ["a level"])
        monkeypatch.setattr(exclusions, "Levelling", lambda *_: held)
    boss = person("boss", ye.merchant_id, "admin")
    flows.set_own_flow("exclusion", [OURS], when={"at_least": {"percent": 1000}}, by=boss, now=NOW)
    flows.set_flow("exclusion", [REVIEWER], by=SYSTEM, now=NOW)
    caution.set_policy(caution.AGREES, on=True, by=SYSTEM, now=NOW)
    made = exclusions.exclude(released(promotions, of_house("willow", "w-10", ye)), live, by=ye, now=NOW)
    assert (made.state, book_data()["exclusions"]) == ("in_review", [])
    by_rule = reviews.visible(SYSTEM).filter(subject=made.code, state="passed")
    assert by_rule.exists() is changed_meanwhile, "nor is a review made that nobody was asked in"
    assert [len(inbox(each, NOW)) for each in (LIN, CHEN)] == [1, 0], "the other owner first"
    exclusions.approve(made, by=LIN, now=LATER)
    assert ([len(inbox(CHEN, NOW))], book_data()["exclusions"]) == ([1], []), "then the platform"
    exclusions.approve(made, by=CHEN, now=LATER)
    assert len(book_data()["exclusions"]) == 1


def test_what_several_houses_ticked_is_asked_in_the_name_of_each(live, ye, stranger):
    """Approved in one go, one house's person would else have opened, and so may read, the other's."""
    caution.set_policy(caution.AGREES, on=True, by=SYSTEM, now=NOW)
    mine = [of_house("willow", "w-10", ye), of_house("kite", "k-10", stranger)]
    made = [exclusions.tick(each, live, by=by, now=NOW) for each, by in zip(mine, (ye, stranger), strict=True)]
    for each, by in zip(mine, (ye, stranger), strict=True):
        promotions.submit(each, by=by, now=NOW)
    way.decide(promotions.VERBS.way, mine, Said(), by=CHEN, now=NOW)
    for own, by in zip(made, (ye, stranger), strict=True):
        (asked,) = reviews.visible(by).filter(subject_kind="exclusion")
        assert (asked.subject, asked.opened_by) == (own.code, by.name)


def test_a_lifted_lock_said_again_by_hand_is_an_ordinary_exclusion(theme, ye):
    theirs = released(promotions, of_house("willow", "w-10", ye))
    mine = coupons.create(coupon(), by=LIN, now=NOW)
    exclusions.lift(mine, theirs, why="Willow agreed to add", by=CHEN, now=NOW)
    mine = released(coupons, mine)
    caution.set_policy(caution.AGREES, on=True, by=SYSTEM, now=NOW)
    add_person("ye", merchant="willow", name=Words("Ye", "叶"), roles=["merchant"], by=SYSTEM, now=NOW)
    made = exclusions.exclude(mine, theirs, grain="line", by=LIN, now=NOW)
    assert (made.lock, made.state, len(inbox(ye, NOW))) == ("", "in_review", 1), "the owner is asked"
    assert Remark.objects.filter(subject=theirs.code).exists(), "and told"
    exclusions.approve(made, by=ye, now=NOW)
    exclusions.untick(made, why="together after all", by=LIN, now=LATER)
    assert book_data()["exclusions"] == [], "and taken back by who may stop offers"


def test_what_the_other_house_is_drafting_is_not_taken_over(live, ye):
    mine = of_house("willow", "w-10", ye)
    made = exclusions.tick(mine, live, reason=Words("Ours", "我们的"), by=ye, now=NOW)
    for say in (exclusions.tick, exclusions.exclude):
        with pytest.raises(Conflict, match="drafted_by_other"):
            say(live, mine, grain="line", by=LIN, now=NOW)
    kept = queries.exclusion_of(SYSTEM, made.code)
    assert (kept.merchant_id, kept.along_id, kept.reason_en) == (ye.merchant_id, mine.pk, "Ours")
    exclusions.untick(made, by=ye, now=LATER)
    assert exclusions.tick(live, mine, by=LIN, now=LATER).merchant_id == LIN.merchant_id
