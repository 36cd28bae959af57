"""A merchant's own people agree on what is its own before the platform is asked, and only they do."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from festoon.base.words import Words
from festoon.catalog import colleagues
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Forbidden, Invalid
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows, queries
from festoon.review.actions import Submission
from festoon.review.levels import Step
from tests.desk import CHEN, NOW, REVIEWER, person, spend_and_save
from tests.racing import race
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
OURS = Step(Words(en="The owner", zh="店主"), ["role:merchant"])
OWNERS = Step(Words(en="Finance", zh="财务"), ["role:finance"])


@pytest.fixture
def admin(ye):
    return person("boss", ye.merchant_id, "admin")


@pytest.fixture
def mate(ye):
    return person("mate", ye.merchant_id, "merchant")


def levels(merchant, by=SYSTEM, kind="promotion", **more):
    (made,) = review.open_all([Submission(kind, "x", {"a": 1}, merchant, **more)], by=by, now=NOW)
    review.withdraw(made, by=SYSTEM, now=NOW) if made.state == "open" else None
    return [party.get("role") or party["person"] for level in made.levels for party in level["parties"]]


def test_a_merchants_offer_passes_its_own_people_then_the_platform(shop, ye, admin, mate, stranger):
    flows.set_own_flow("promotion", [OURS], by=admin, now=NOW)
    data = spend_and_save("w-50", payers=[{"payer": "merchant:willow", "basis_points": 10000}])
    del data["campaign"]
    made = promotions.submit(promotions.create(data, by=ye, now=NOW), by=ye, now=NOW)
    waits = queries.latest(SYSTEM, "promotion", "w-50")
    assert (inbox(mate, NOW), inbox(CHEN, NOW), inbox(stranger, NOW)) == ([waits], [], [])
    assert (queries.waiting(mate, NOW), queries.waiting(CHEN, NOW)) == (1, 0)
    with pytest.raises(Forbidden):
        promotions.approve(made, by=CHEN, now=NOW)
    with pytest.raises(Conflict, match="own_submission"):
        promotions.approve(made, by=ye, now=NOW)
    promotions.approve(made, by=mate, now=NOW)
    assert offers.offer(SYSTEM, "w-50").state == "in_review"
    with pytest.raises(Forbidden):
        promotions.approve(made, by=mate, now=NOW)
    promotions.approve(made, by=CHEN, now=NOW)
    assert offers.offer(SYSTEM, "w-50").state == "released"


def test_it_is_about_its_own_things_alone_and_leaves_nothing_of_the_platforms_out(shop, ye, admin, stranger):
    flows.set_own_flow("promotion", [OURS], by=admin, now=NOW)
    assert levels(ye.merchant_id) == ["merchant", "reviewer"]
    assert levels(stranger.merchant_id) == levels(1) == ["reviewer"]
    assert levels(ye.merchant_id, kind="coupon") == ["reviewer"]
    asked_already = REVIEWER.to_data(1)
    assert levels(ye.merchant_id, first=[asked_already]) == ["reviewer", "reviewer"], "its people were asked as owners"


def test_who_stands_in_for_another_merchants_people_is_none_of_its_own(shop, ye, admin, mate, stranger):
    """Fails when a role is the same role in every house: whoever acts for Kite would agree inside Willow."""
    for code, merchant, role in (("kite-owner", "kite", "merchant"), ("zhou", "lantern", "analyst")):
        colleagues.add_person(code, merchant=merchant, name=Words(code, code), roles=[role], by=SYSTEM, now=NOW)
    zhou = person("zhou", 1, "analyst")
    flows.delegate("kite-owner", "zhou", since=NOW, until=NOW + timedelta(hours=1), by=SYSTEM, now=NOW)
    flows.set_own_flow("promotion", [OURS], by=admin, now=NOW)
    (made,) = review.open_all([Submission("promotion", "x", {"a": 1}, ye.merchant_id)], by=ye, now=NOW)
    assert (inbox(zhou, NOW), queries.waiting(zhou, NOW)) == ([], 0)
    with pytest.raises(Forbidden):
        review.decide(made, "approve", by=zhou, now=NOW)
    assert review.decide(made, "approve", by=mate, now=NOW) == review.Outcome.OPEN


def test_its_condition_is_of_measures_and_it_is_taken_away_again(shop, ye, admin):
    flows.set_own_flow("promotion", [OURS], when={"at_least": {"percent": 3000}}, by=admin, now=NOW)
    deep = {"measures": {"percent": 3000}}
    assert (levels(ye.merchant_id), levels(ye.merchant_id, **deep)) == (["reviewer"], ["merchant", "reviewer"])
    assert flows.set_own_flow("promotion", [], by=admin, now=NOW) is None
    assert levels(ye.merchant_id, **deep) == ["reviewer"]


@pytest.mark.parametrize("guarded", [True, False])
def test_said_by_two_at_once_it_stands_once(shop, ye, admin, guarded, monkeypatch):
    """What keeps it is the wait: without it both find nothing, and one is told of a broken index (PostgreSQL)."""
    if not guarded:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has one writer at a time")
        both = threading.Barrier(2)
        monkeypatch.setattr(flows, "_one_at_a_time", lambda *_: None)
        monkeypatch.setattr(flows, "_keep", lambda *a, keep=flows._keep, **more: (both.wait(10), keep(*a, **more))[1])
    said = [
        lambda _: flows.set_own_flow("promotion", [OURS], by=admin, now=NOW),
        lambda _: flows.set_flow("coupon", [OWNERS], by=SYSTEM, now=NOW, number=7),
        lambda _: flows.set_ceiling("operator", "percent", 3000, then=REVIEWER, by=SYSTEM, now=NOW),
    ]
    for say in said[: 3 if guarded else 1]:
        failed = [each for each in race(2 if not guarded else 6, say) if isinstance(each, BaseException)]
        assert [type(each) for each in failed] == ([] if guarded else [IntegrityError])
    if guarded:
        assert levels(ye.merchant_id) == ["merchant", "reviewer"]
        assert queries.ceilings(SYSTEM, ["operator"]).filter(measure="percent").count() == 1


def test_nobody_else_says_it_and_nobody_elses_people_are_named(shop, ye, admin, stranger):
    name = Words(en="Stranger", zh="外人")
    colleagues.add_person("kite-owner", merchant="kite", name=name, roles=["merchant"], by=SYSTEM, now=NOW)
    for parties in (["role:reviewer"], ["person:kite-owner"], ["person:nobody"]):
        with pytest.raises(Invalid) as raised:
            flows.set_own_flow("promotion", [Step(name, parties)], by=admin, now=NOW)
        assert raised.value.field == "levels[0].parties"
    with pytest.raises(Invalid):
        flows.set_own_flow("promotion", [OURS], when={"merchants": ["kite"]}, by=admin, now=NOW)
    for by in (ye, SYSTEM, stranger):
        with pytest.raises(Forbidden):
            flows.set_own_flow("promotion", [OURS], by=by, now=NOW)
    with pytest.raises(Invalid):
        flows.set_flow("promotion", [OURS], by=SYSTEM, now=NOW)
    flows.set_own_flow("promotion", [OURS], by=admin, now=NOW)
    assert not queries.own_flows(stranger, ["promotion"])
    assert len(queries.own_flows(SYSTEM, ["promotion"])) == 1
    assert [flow.levels[0]["parties"] for flow in queries.flows(ye, ["promotion"])] == [[{"role": "reviewer"}]]
