"""Ticked on an offer's page: reviewed with it, released with it, gone with it; what the shop's caution writes; who is told."""

import threading

import pytest
from django.db import connection

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.coupons import actions as coupons
from festoon.offers import actions as offers
from festoon.offers import caution, exclusions, queries, releases
from festoon.offers.book import book_data
from festoon.promotions import actions as promotions
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review import queries as reviews
from festoon.review.actions import Said
from festoon.review.levels import Step
from festoon.review.models import Remark
from tests.desk import CHEN, HE, LATER, LIN, NOW, REVIEWER, coupon, person, spend_and_save
from tests.racing import race, until_it_waits
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
WINDOW = {"start": "2026-12-12T00:00", "end": "2026-12-13T00:00", "zone": "Asia/Shanghai"}


def draft(room=promotions, data=None, by=LIN):
    return room.create(data or spend_and_save(), by=by, now=NOW)


def released(room, offer):
    room.submit(offer, by=LIN, now=NOW)
    room.approve(offer, by=CHEN, now=NOW)
    return queries.offer(SYSTEM, offer.code)


def own(code="w-10", **more):
    payers = [{"payer": "merchant:willow", "basis_points": 10000}]
    return spend_and_save(code, scope={"all": True}, payers=payers, campaign=None, **more)


def test_what_is_ticked_is_reviewed_and_released_with_the_offer(theme):
    live, mine = released(promotions, draft()), draft(coupons, coupon())
    made = exclusions.tick(mine, live, grain="order", window=WINDOW, by=LIN, now=NOW)
    assert (made.state, made.along_id) == ("draft", mine.pk)
    coupons.submit(mine, by=LIN, now=NOW)
    review = reviews.latest(SYSTEM, "coupon", mine.code)
    (told,) = review.content["exclusions"]
    assert (sorted(told["between"]), told["window"]) == (["d12-300-less-50", "d12-shop-30"], WINDOW)
    assert (queries.exclusion_of(LIN, made.code).state, book_data()["exclusions"]) == ("in_review", [])
    coupons.approve(mine, by=CHEN, now=LATER)
    assert book_data()["exclusions"] == [told], "what was read is what is released"
    assert "exclusions" not in queries.offer(LIN, mine.code).draft
    assert "exclusions" not in queries.live_of(SYSTEM, "offer", mine.code).release.data
    verbs = {each.verb for each in records.history(SYSTEM, "exclusion", made.code)}
    assert {"exclusions.tick", "exclusions.submit", "exclusions.approve"} <= verbs, "audited as a thing of its own"


@pytest.mark.parametrize("how", ["withdraw", "send_back", "reject"])
def test_what_leaves_review_takes_its_exclusions_with_it(theme, how):
    live, mine = released(promotions, draft()), draft(coupons, coupon())
    made = exclusions.tick(mine, live, by=LIN, now=NOW)
    coupons.submit(mine, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="offer_in_review"):
        exclusions.tick(mine, live, grain="order", by=LIN, now=NOW)
    with pytest.raises(Conflict, match="in_review"):
        exclusions.untick(made, by=LIN, now=NOW)
    if how == "withdraw":
        coupons.withdraw(mine, by=LIN, now=LATER)
    else:
        coupons.decide(mine, Said(how, "think again"), by=CHEN, now=LATER)
    assert queries.exclusion_of(LIN, made.code).state == "draft"
    assert book_data()["exclusions"] == []
    exclusions.untick(made, by=LIN, now=LATER)
    assert not queries.exclusions(LIN).exists()


def test_an_offer_that_is_out_ticks_alone_and_taking_back_says_why(theme):
    one, other = released(promotions, draft()), released(coupons, draft(coupons, coupon()))
    made = exclusions.tick(one, other, grain="order", by=LIN, now=NOW)
    assert (made.state, len(book_data()["exclusions"])) == ("released", 1)
    with pytest.raises(Invalid, match="missing"):
        exclusions.untick(made, by=LIN, now=LATER)
    exclusions.untick(made, why="they combine after all", by=LIN, now=LATER)
    assert (queries.exclusion_of(LIN, made.code).state, book_data()["exclusions"]) == ("recalled", [])
    assert exclusions.tick(one, other, grain="order", by=LIN, now=LATER).state == "released"


def test_a_window_that_is_none_is_refused_and_nothing_is_kept(theme):
    mine, other = draft(), draft(coupons, coupon())
    with pytest.raises(Invalid) as raised:
        exclusions.tick(mine, other, window={"start": "2026-12-13T00:00", "end": "2026-12-12T00:00"}, by=LIN, now=NOW)
    assert raised.value.field == "window.end"
    assert not queries.exclusions(LIN).exists()


def test_the_shops_policy_locks_a_new_coupon_from_others_promotions_on_a_line(theme, ye):
    theirs = released(promotions, promotions.create(own(), by=ye, now=NOW))
    same_owner, mine = released(promotions, draft()), draft(coupons, coupon())
    coupons.submit(mine, by=LIN, now=NOW)
    (lock,) = queries.exclusions(LIN)
    assert ({lock.first_id, lock.second_id}, lock.grain, lock.lock) == ({theirs.pk, mine.pk}, "line", caution.COUPON)
    coupons.withdraw(mine, by=LIN, now=NOW)
    assert not queries.exclusions(LIN).exists(), "a lock is there as long as its coupon is"
    coupons.submit(mine, by=LIN, now=NOW)
    coupons.approve(mine, by=CHEN, now=NOW)
    (told,) = book_data()["exclusions"]
    assert told["lock"] is True
    assert same_owner.code not in told["between"]


def test_a_lock_is_lifted_by_who_may_and_stays_lifted(theme, ye):
    theirs = released(promotions, promotions.create(own(), by=ye, now=NOW))
    mine = draft(coupons, coupon())
    with pytest.raises(Forbidden):
        exclusions.lift(mine, theirs, why="let it", by=LIN, now=NOW)
    with pytest.raises(Invalid, match="missing"):
        exclusions.lift(mine, theirs, why=" ", by=CHEN, now=NOW)
    exclusions.lift(mine, theirs, why="Willow agreed to add", by=CHEN, now=NOW)
    released(coupons, mine)
    assert book_data()["exclusions"] == []


def test_a_lock_that_is_out_is_lifted_too_and_not_by_a_recall(theme, ye):
    theirs = released(promotions, promotions.create(own(), by=ye, now=NOW))
    released(coupons, draft(coupons, coupon()))
    (lock,) = queries.exclusions(LIN)
    for refused in (lambda: exclusions.untick(lock, why="no", by=LIN, now=LATER),
                    lambda: offers.recall("exclusion", lock.code, why="no", by=LIN, now=LATER)):  # fmt: skip
        with pytest.raises(Forbidden):
            refused()
    exclusions.untick(lock, why="Willow agreed", by=CHEN, now=LATER)
    assert (book_data()["exclusions"], theirs.state) == ([], "released")


def test_the_policy_can_be_turned_off_by_who_configures(theme, ye):
    released(promotions, promotions.create(own(), by=ye, now=NOW))
    with pytest.raises(Forbidden):
        caution.set_policy(caution.COUPON, on=False, by=LIN, now=NOW)
    caution.set_policy(caution.COUPON, on=False, by=SYSTEM, now=NOW)
    released(coupons, draft(coupons, coupon()))
    assert not queries.exclusions(LIN).exists()


def test_the_owner_of_the_other_offer_is_told(theme, ye):
    theirs = released(promotions, promotions.create(own(), by=ye, now=NOW))
    from festoon.catalog import queries as catalog

    mine = draft()
    exclusions.tick(mine, theirs, by=LIN, now=NOW)
    assert not Remark.objects.exists(), "nobody is told of a draft"
    promotions.submit(mine, by=LIN, now=NOW)
    told = Remark.objects.get()
    assert (told.subject, told.merchant_id) == (theirs.code, catalog.merchant(SYSTEM, "willow").pk)
    assert told.text.startswith("@ye “50 off 300” is not to serve one line")


def test_an_owner_who_has_to_agree_is_asked_when_the_offer_is_out(theme, ye, django_user_model):
    add_person(
        "ye", merchant="willow", name=Words("Ye", "叶"), roles=["merchant"], password="made up", by=SYSTEM, now=NOW
    )
    caution.set_policy(caution.AGREES, on=True, by=SYSTEM, now=NOW)
    theirs, mine = released(promotions, promotions.create(own(), by=ye, now=NOW)), draft()
    made = exclusions.tick(mine, theirs, by=LIN, now=NOW)
    released(promotions, mine)
    assert (queries.exclusion_of(LIN, made.code).state, book_data()["exclusions"]) == ("in_review", [])
    (asked,) = inbox(ye, NOW)
    assert (asked.subject_kind, asked.subject) == ("exclusion", made.code)
    with pytest.raises(Forbidden):
        exclusions.approve(made, by=HE, now=LATER)
    exclusions.approve(made, by=ye, now=LATER, read=[asked.pk])
    assert len(book_data()["exclusions"]) == 1


@pytest.fixture
def mate(theme, ye):
    """Ye's colleague at Willow, whose own people are asked about exclusions first; the platform's owner has to agree."""
    for merchant, code, roles in (("willow", "mate", ["merchant"]), ("lantern", "lin", ["operator"])):
        add_person(code, merchant=merchant, name=Words(code, code), roles=roles, by=SYSTEM, now=NOW)
    ours = Step(Words(en="The owner", zh="店主"), ["role:merchant"])
    flows.set_own_flow("exclusion", [ours], by=person("boss", ye.merchant_id, "admin"), now=NOW)
    caution.set_policy(caution.AGREES, on=True, by=SYSTEM, now=NOW)
    return person("mate", ye.merchant_id, "merchant")


@pytest.fixture
def asked(mate, ye):
    """Ye excludes the platform's offer from her own; both are out."""
    mine = released(promotions, promotions.create(own(), by=ye, now=NOW))
    return exclusions.exclude(mine, released(promotions, draft()), by=ye, now=NOW)


def waiting(*viewers):
    return [len(inbox(each, NOW)) for each in viewers]


def test_its_authors_own_people_agree_before_the_owner_of_the_other_offer_is_asked(asked, ye, mate):
    assert (asked.state, waiting(ye, mate, LIN, CHEN)) == ("in_review", [0, 1, 0, 0])
    exclusions.approve(asked, by=mate, now=NOW)
    assert (queries.exclusion_of(ye, asked.code).state, book_data()["exclusions"]) == ("in_review", [])
    assert waiting(ye, mate, LIN, CHEN) == [0, 0, 1, 0]
    assert not reviews.visible(mate).filter(state="open").exists(), "each house decides behind its own wall"
    assert [each.state for each in reviews.under_way(ye)] == ["open"], "but its author sees where it stands"
    exclusions.approve(asked, by=LIN, now=LATER)
    assert len(book_data()["exclusions"]) == 1


def test_what_its_own_people_send_back_the_other_owner_is_not_asked(asked, ye, mate):
    exclusions.send_back(asked, by=mate, now=NOW, comment="Not before Friday")
    assert (queries.exclusion_of(ye, asked.code).state, waiting(LIN, CHEN)) == ("sent_back", [0, 0])


def test_its_author_takes_it_back_from_the_other_owner(asked, ye, mate):
    exclusions.approve(asked, by=mate, now=NOW)
    exclusions.VERBS.withdraw(asked, by=ye, now=NOW)
    assert (queries.exclusion_of(ye, asked.code).state, waiting(LIN)) == ("draft", [0])


def test_a_policy_that_ends_meanwhile_leaves_nobody_out(asked, mate):
    flows.set_flow("exclusion", [REVIEWER], by=SYSTEM, now=NOW)
    caution.set_policy(caution.AGREES, on=False, by=SYSTEM, now=NOW)
    exclusions.approve(asked, by=mate, now=NOW)
    assert (waiting(LIN, CHEN), book_data()["exclusions"]) == ([0, 1], [])
    exclusions.approve(asked, by=CHEN, now=LATER)
    assert len(book_data()["exclusions"]) == 1


def test_taken_up_again_by_the_other_house_it_is_that_houses(asked, ye, mate):
    """Else its own people would be asked as the owner of the other offer, and the other's not at all."""
    exclusions.approve(asked, by=mate, now=NOW)
    exclusions.approve(asked, by=LIN, now=NOW)
    exclusions.untick(queries.exclusion_of(SYSTEM, asked.code), why="they combine", by=SYSTEM, now=LATER)
    again = exclusions.exclude(asked.first, asked.second, by=LIN, now=LATER)
    assert (again.code, again.merchant_id, waiting(ye, mate)) == (asked.code, 1, [0, 1]), (
        "Willow's people are asked as owners"
    )


def test_between_two_merchants_it_is_the_platforms_and_neither_reads_the_others_name(theme, ye, stranger):
    """A merchant sees nothing of another's: what lies between them the platform says, with the policy or without."""
    caution.set_policy(caution.AGREES, on=True, by=SYSTEM, now=NOW)
    payers = [{"payer": "merchant:kite", "basis_points": 10000}]
    data = spend_and_save("k-10", name={"en": "Run", "zh": "跑"}, scope={"all": True}, payers=payers, campaign=None)
    theirs = released(promotions, promotions.create(data, by=stranger, now=NOW))
    made = exclusions.tick(promotions.create(own(), by=ye, now=NOW), theirs, by=LIN, now=NOW)
    assert (made.merchant_id, made.along, made.state, waiting(ye, stranger)) == (1, None, "released", [0, 0])
    told = {each.subject: each.text for each in Remark.objects.all()}
    assert set(told) == {"w-10", "k-10"}
    assert "Run" not in told["w-10"]
    assert "50 off 300" not in told["k-10"]


def test_the_wall(theme, ye, stranger):
    live = released(promotions, draft())
    other = released(promotions, draft(promotions, spend_and_save("d12-tea")))
    waiting = draft(coupons, coupon())
    mine = promotions.create(own(), by=ye, now=NOW)
    assert exclusions.tick(mine, live, by=ye, now=NOW).merchant_id == ye.merchant_id
    for refused in (
        lambda: exclusions.tick(mine, waiting, by=ye, now=NOW),
        lambda: exclusions.tick(live, mine, by=ye, now=NOW),
        lambda: offers.exclude(live, other, by=ye, now=NOW),
        lambda: exclusions.tick(mine, live, grain="order", by=stranger, now=NOW),
        lambda: exclusions.untick(queries.exclusions(SYSTEM).get(), by=stranger, now=NOW),
    ):
        with pytest.raises(NotFound):
            refused()
    analyst = person("zhou", 1, "analyst")
    with pytest.raises(Forbidden):
        exclusions.tick(mine, live, by=analyst, now=NOW)


def test_a_promotion_that_comes_after_a_coupon_is_locked_from_it_too(theme, ye):
    """Who pays twice does not depend on which of the two came first."""
    held = released(coupons, draft(coupons, coupon()))
    theirs = promotions.create(own(), by=ye, now=NOW)
    same_owner = draft()
    promotions.submit(same_owner, by=LIN, now=NOW)
    assert not queries.exclusions(LIN).exists()
    promotions.submit(theirs, by=ye, now=NOW)
    (lock,) = queries.exclusions(LIN)
    assert (lock.along_id, {lock.first_id, lock.second_id}, lock.lock) == (
        theirs.pk,
        {theirs.pk, held.pk},
        caution.COUPON,
    )
    promotions.withdraw(theirs, by=ye, now=NOW)
    assert not queries.exclusions(LIN).exists(), "it goes with the promotion"
    exclusions.lift(held, theirs, why="Both may", by=CHEN, now=LATER)
    promotions.submit(theirs, by=ye, now=LATER)
    promotions.approve(theirs, by=CHEN, now=LATER)
    assert book_data()["exclusions"] == [], "and stays lifted"


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has one writer at a time")
def test_who_recalls_an_offer_and_who_excludes_it_do_not_wait_for_each_other(theme, monkeypatch):
    """The one has the offer and asks for the book, the other has the book and names the offer."""
    one, other = released(promotions, draft()), released(coupons, draft(coupons, coupon()))
    told, moved = [], releases.moved
    other_one = threading.Thread(
        target=lambda: told.extend(race(1, lambda _: exclusions.exclude(one, other, by=LIN, now=LATER)))
    )

    def asks_for_the_book():
        other_one.start()
        until_it_waits(other_one)
        moved()

    monkeypatch.setattr(offers, "moved", asks_for_the_book)
    offers.recall("offer", one.code, why="a test", by=CHEN, now=LATER)
    other_one.join()
    assert [each.state for each in told] == ["released"]
    assert queries.live_of(SYSTEM, "offer", one.code) is None
