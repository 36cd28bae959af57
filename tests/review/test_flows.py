"""Which levels: by merchant, by cost, by the ceiling of the author's role; and who stands in for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from festoon.base.words import Words
from festoon.catalog import colleagues
from festoon.offers.measures import measures
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import deadlines, flows, queries, remarks
from festoon.review.actions import Outcome, Submission
from festoon.review.levels import Step
from tests.desk import CHEN, FINANCE, HE, LATER, LIN, NOW, REVIEWER, person
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
DIRECTOR = Step(Words(en="Director", zh="总监"), ["person:director"])


def roles(by=LIN, merchant=1, **measures):
    (made,) = review.open_all([Submission("coupon", "x", {"a": 1}, merchant, {}, measures)], by=by, now=NOW)
    review.withdraw(made, by=by, now=NOW) if made.state == "open" else None
    return [party.get("role") or party["person"] for level in made.levels for party in level["parties"]]


def test_the_first_flow_that_holds_counts(shop, ye):
    flows.set_flow("coupon", [REVIEWER, FINANCE], by=SYSTEM, now=NOW, when={"at_least": {"budget": 100_000}})
    flows.set_flow("coupon", [FINANCE], by=SYSTEM, now=NOW, number=2, when={"merchants": ["willow"]})
    flows.set_flow("coupon", [REVIEWER], by=SYSTEM, now=NOW, number=3)
    assert roles(budget=100_000) == ["reviewer", "finance"]
    assert roles(budget=99_999) == ["reviewer"]
    assert roles(merchant=ye.merchant_id) == ["finance"]


@pytest.mark.parametrize(
    ("when", "field"),
    [
        ({"colour": "red"}, "when.colour"),
        ({"merchants": ["lantern", "nobody"]}, "when.merchants[1]"),
        ({"at_least": {"weight": 3}}, "when.at_least.weight"),
        ({"at_least": {"budget": -1}}, "when.at_least.budget"),
        ({"at_least": {"budget": 10**15 + 1}}, "when.at_least.budget"),
    ],
)
def test_a_condition_nobody_knows_is_refused_by_its_field(shop, when, field):
    with pytest.raises(Invalid) as raised:
        flows.set_flow("coupon", [REVIEWER], by=SYSTEM, now=NOW, when=when)
    assert raised.value.field == field


def test_above_the_ceiling_of_the_authors_role_one_more_level_agrees(shop):
    flows.set_ceiling("operator", "percent", 3000, then=DIRECTOR, by=SYSTEM, now=NOW)
    assert roles(percent=3000) == ["reviewer"]
    assert roles(percent=3001) == ["reviewer", "director"]
    assert roles(by=HE, percent=9000) == ["reviewer"], "another role's ceiling"


def test_what_has_no_end_is_above_every_ceiling_and_reaches_every_flow(shop):
    flows.set_flow("coupon", [REVIEWER, FINANCE], by=SYSTEM, now=NOW, when={"at_least": {"budget": 10**15}})
    flows.set_flow("coupon", [REVIEWER], by=SYSTEM, now=NOW, number=2)
    flows.set_ceiling("operator", "number", 10**15, then=DIRECTOR, by=SYSTEM, now=NOW)
    endless = measures({"with": {"off": 50_000}, "terms": {"stock": None}})
    assert endless == {"amount": 50_000, "number": None, "budget": None}
    assert roles(**endless) == ["reviewer", "finance", "director"]
    assert roles(**measures({"with": {"off": 50_000}, "terms": {"stock": 9}})) == ["reviewer"]
    assert measures({"with": {"off": 50_000}, "terms": {"units": None}}) == {"amount": 50_000}, "a promotion"


def test_a_time_or_a_ceiling_beyond_all_sense_is_refused_where_it_is_set(shop):
    """Fails where what is submitted afterwards, by anybody, ends in an error instead."""
    endless = Step(REVIEWER.name, REVIEWER.parties, hours=8_761)
    for field, asked in (
        ("levels[0].hours", lambda: flows.set_flow("coupon", [endless], by=SYSTEM, now=NOW)),
        ("most", lambda: flows.set_ceiling("operator", "number", 2**63, then=DIRECTOR, by=SYSTEM, now=NOW)),
    ):
        with pytest.raises(Invalid, match="out_of_range") as raised:
            asked()
        assert raised.value.field == field
    assert roles(number=1) == ["reviewer"]


def test_nothing_above_a_ceiling_is_approved_by_rule(shop):
    flows.set_flow("coupon", [], by=SYSTEM, now=NOW)
    flows.set_ceiling("operator", "number", 10_000, then=DIRECTOR, by=SYSTEM, now=NOW)
    assert roles(number=10_001) == ["director"]
    flows.set_ceiling("operator", "number", None, then=DIRECTOR, by=SYSTEM, now=NOW)
    assert roles(number=10_001) == []


def test_somebody_of_two_roles_has_the_higher_ceiling_and_none_where_one_role_has_none(shop):
    flows.set_ceiling("operator", "amount", 100, then=DIRECTOR, by=SYSTEM, now=NOW)
    two = person("two", 1, "operator", "analyst")
    assert roles(by=two, amount=101) == ["reviewer"]
    flows.set_ceiling("analyst", "amount", 200, then=DIRECTOR, by=SYSTEM, now=NOW)
    assert (roles(by=two, amount=200), roles(by=two, amount=201)) == (["reviewer"], ["reviewer", "director"])


def colleague(code, merchant, role):
    name = Words(en=code, zh=code)
    colleagues.add_person(code, merchant=merchant, name=name, roles=[role], password="x", by=SYSTEM, now=NOW)


@pytest.fixture
def colleagues_of_the_house(shop):
    for code, role in (("chen", "reviewer"), ("zhou", "analyst"), ("lin", "operator")):
        colleague(code, "lantern", role)


def submitted(by=LIN):
    (made,) = review.open_all([Submission("coupon", "x", {"a": 1}, 1)], by=by, now=NOW)
    return made


def test_who_stands_in_decides_in_the_others_place_for_the_time(colleagues_of_the_house):
    zhou = person("zhou", 1, "analyst")
    flows.delegate("chen", "zhou", since=NOW, until=LATER, by=CHEN, now=NOW)
    one = submitted()
    with pytest.raises(Forbidden):
        review.decide(one, "approve", by=zhou, now=LATER)
    assert inbox(zhou, NOW) == [one]
    assert review.decide(one, "approve", by=zhou, now=NOW) == Outcome.PASSED
    (said,) = one.decisions.all()
    assert (said.by, said.for_whom) == ("person:zhou", "person:chen")


def test_nobody_stands_in_for_the_author(colleagues_of_the_house):
    author = person("chen", 1, "operator", "reviewer")
    flows.delegate("chen", "zhou", since=NOW, until=LATER, by=CHEN, now=NOW)
    with pytest.raises(Forbidden):
        review.decide(submitted(by=author), "approve", by=person("zhou", 1, "analyst"), now=NOW)


def test_who_spoke_and_who_stands_in_for_them_count_once(colleagues_of_the_house):
    flows.set_flow("coupon", [Step(REVIEWER.name, ["role:reviewer"], "some", need=2)], by=SYSTEM, now=NOW)
    flows.delegate("chen", "zhou", since=NOW, until=LATER, by=CHEN, now=NOW)
    one = submitted()
    assert review.decide(one, "approve", by=CHEN, now=NOW) == Outcome.OPEN
    with pytest.raises(Forbidden):
        review.decide(one, "approve", by=person("zhou", 1, "analyst"), now=NOW)


def test_who_stands_in_for_two_colleagues_is_one_voice(colleagues_of_the_house):
    """Fails when one person is asked twice at a level of two: once in the place of each."""
    both = Step(REVIEWER.name, ["person:chen", "person:lin"], "all")
    flows.set_flow("coupon", [both], by=SYSTEM, now=NOW)
    for away in ("chen", "lin"):
        flows.delegate(away, "zhou", since=NOW, until=LATER, by=SYSTEM, now=NOW)
    zhou, one = person("zhou", 1, "analyst"), submitted(by=HE)
    assert review.decide(one, "approve", by=zhou, now=NOW) == Outcome.OPEN
    assert (inbox(zhou, NOW), queries.waiting(zhou, NOW)) == ([], 0)
    with pytest.raises(Conflict, match="decided_already"):
        review.decide(one, "approve", by=zhou, now=NOW)
    assert review.decide(one, "approve", by=LIN, now=NOW) == Outcome.PASSED


def test_one_delegates_only_for_oneself_and_ends_it(colleagues_of_the_house):
    with pytest.raises(Forbidden):
        flows.delegate("chen", "zhou", since=NOW, until=LATER, by=LIN, now=NOW)
    with pytest.raises(NotFound):
        flows.delegate("chen", "nobody", since=NOW, until=LATER, by=CHEN, now=NOW)
    with pytest.raises(Invalid):
        flows.delegate("chen", "zhou", since=LATER, until=NOW, by=CHEN, now=NOW)
    made = flows.delegate("chen", "zhou", since=NOW, until=LATER, by=CHEN, now=NOW)
    with pytest.raises(NotFound):
        flows.end_delegation(made.pk, by=LIN, now=NOW)
    flows.end_delegation(made.pk, by=CHEN, now=NOW + timedelta(minutes=1))
    assert queries.stands_for(person("zhou", 1, "analyst"), NOW + timedelta(minutes=2)) == []


def test_what_is_due_is_reminded_of_once(shop):
    flows.set_flow("coupon", [Step(REVIEWER.name, REVIEWER.parties, hours=1)], by=SYSTEM, now=NOW)
    submitted()
    assert deadlines.remind(by=SYSTEM, now=NOW) == 0
    assert [deadlines.remind(by=SYSTEM, now=LATER) for _ in range(2)] == [1, 0]


def test_a_remark_calls_the_colleague_it_names(colleagues_of_the_house):
    zhou = person("zhou", 1, "analyst")
    remarks.say("coupon", "x", "@zhou what did it cost last year? @nobody", merchant_id=1, by=CHEN, now=NOW)
    (called,) = queries.mentions(zhou)
    assert [remark.text for remark in queries.remarks(LIN, "coupon", "x")] == [called.remark.text]
    remarks.seen(called.pk, by=zhou, now=LATER)
    assert not queries.mentions(zhou)
    with pytest.raises(NotFound):
        remarks.seen(called.pk, by=CHEN, now=LATER)


def test_a_remark_on_a_merchants_thing_calls_nobody_of_another(colleagues_of_the_house, ye, stranger):
    colleague("kite-owner", "kite", "merchant")
    remarks.say("coupon", "x", "@kite-owner", merchant_id=ye.merchant_id, by=ye, now=NOW)
    assert not queries.mentions(stranger)
    assert not queries.remarks(stranger, "coupon", "x")


def test_an_empty_remark_is_refused(shop):
    with pytest.raises(Invalid):
        remarks.say("coupon", "x", " \n", merchant_id=1, by=CHEN, now=NOW)
    with pytest.raises(Conflict, match="own_submission"):
        review.decide(submitted(by=CHEN), "approve", by=CHEN, now=NOW)
