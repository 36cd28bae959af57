"""What waits although nobody may decide on it is found: nobody has the role, may sign in, or may speak once more."""

import pytest
from django.contrib.auth import get_user_model

from festoon.base.words import Words
from festoon.catalog import colleagues
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows, readers
from festoon.review.levels import Step
from festoon.review.models import Delegate
from tests.desk import CHEN, FINANCE, LATER, LIN, NOW, REVIEWER, person

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = person("both", 1, "reviewer", "finance")


def joins(code, *roles, merchant="lantern"):
    name = Words(code, code)
    colleagues.add_person(code, merchant=merchant, name=name, roles=roles, password="x", by=SYSTEM, now=NOW)


def submitted(subject, by=LIN, merchant=1):
    (made,) = review.open_all([review.Submission("campaign", subject, {"a": 1}, merchant)], by=by, now=NOW)
    return made


def unheard(viewer=SYSTEM, now=NOW):
    return [(each.review.subject, each.more) for each in readers.unheard(viewer, now)]


@pytest.fixture
def desk(shop):
    """A campaign is agreed on by a reviewer and then by finance; of both there is one, with Lin who writes."""
    for code, role in (("lin", "operator"), ("chen", "reviewer"), ("he", "finance")):
        joins(code, role)
    flows.set_flow("campaign", [REVIEWER, FINANCE], by=SYSTEM, now=NOW)


def leaves(code):
    get_user_model().objects.filter(username=code).update(is_active=False)


def test_what_somebody_may_decide_on_is_heard_at_each_level(desk):
    made = submitted("x")
    assert unheard() == []
    review.decide(made, "approve", by=CHEN, now=NOW)
    assert unheard() == []


def test_nobody_is_left_to_speak(desk):
    made, other = submitted("x"), submitted("y")
    leaves("he")
    assert unheard() == [], "not their turn yet"
    review.decide(made, "approve", by=CHEN, now=NOW)
    assert unheard() == [("x", 0)]
    assert readers.is_unheard(made, NOW) and not readers.is_unheard(other, NOW)
    joins("mo", "finance")
    assert unheard() == []


def test_what_asks_the_same_for_the_same_author_is_told_once(desk):
    for n in range(12):
        submitted(f"n-{n:02d}")
    submitted("of-both", by=BOTH)
    leaves("chen")
    assert unheard() == [("n-00", 11), ("of-both", 0)]
    assert unheard(person("ye", 2, "merchant")) == [], "the platform's to ask"


def test_nobody_decides_on_their_own_nor_twice(desk):
    """The only reviewer who writes, and one person who has both roles, leave a level to nobody."""
    leaves("chen"), leaves("he")
    joins("both", "reviewer", "finance")
    own, of_lin = submitted("own", by=BOTH), submitted("x")
    assert unheard() == [("own", 0)]
    review.decide(of_lin, "approve", by=BOTH, now=NOW)
    assert unheard() == [("own", 0), ("x", 0)]
    assert readers.is_unheard(own, NOW)


def test_nobody_stands_in_for_the_author(desk):
    joins("zhou", "analyst"), joins("boss", "reviewer")
    flows.set_flow("campaign", [Step(Words("Boss", "主管"), ["person:boss"])], by=SYSTEM, now=NOW)
    boss = person("boss", 1, "reviewer")
    submitted("own", by=boss)
    assert unheard() == [("own", 0)]
    flows.delegate("boss", "zhou", since=NOW, until=LATER, by=boss, now=NOW)
    assert unheard() == [("own", 0)], "nobody decides in their place on what is theirs"


def test_a_deputy_is_heard_where_who_they_stand_for_is_not_let_in(desk, ye):
    """A review of the platform's asks a merchant's person, whom its wall keeps out: only who stands in for them decides."""
    joins("ye", "merchant", merchant="willow")
    flows.set_flow("campaign", [Step(Words("Ye", "叶"), ["person:ye"])], by=SYSTEM, now=NOW)
    submitted("x")
    assert unheard() == [("x", 0)]
    flows.delegate("ye", "chen", since=NOW, until=LATER, by=SYSTEM, now=NOW)
    assert (unheard(), unheard(now=LATER)) == ([], [("x", 0)]), "while they do"


def test_a_merchants_deputy_stands_in_behind_its_own_wall(desk):
    joins("kit", "merchant", merchant="kite")
    Delegate.objects.create(person="chen", to="kit", since=NOW, until=LATER, by="system")
    assert {each.name: others for each, others in readers.readers(SYSTEM, NOW)}["person:kit"] == []


def test_thirty_colleagues_cost_no_more_questions(desk, django_assert_max_num_queries):
    made = submitted("x")
    for n in range(30):
        joins(f"c-{n}", "analyst")
    for n in range(29):
        Delegate.objects.create(person="he", to=f"c-{n}", since=NOW, until=LATER, by="system")
    leaves("chen")
    with django_assert_max_num_queries(3):
        assert readers.is_unheard(made, NOW)
    with django_assert_max_num_queries(6):
        assert unheard() == [("x", 0)]


def test_what_is_closed_waits_for_nobody(desk):
    made = submitted("x")
    leaves("chen")
    review.withdraw(made, by=LIN, now=NOW)
    made.refresh_from_db()
    assert (unheard(), readers.is_unheard(made, NOW)) == ([], False)


def test_those_of_another_house_are_not_there_for_it(desk, ye):
    """A merchant's own level is for its own people, whoever of another merchant has the role."""
    joins("mate", "merchant", merchant="willow"), joins("kit", "merchant", merchant="kite")
    own = Step(Words("Ours", "我方"), ["role:merchant"])
    flows.set_own_flow("campaign", [own], by=person("boss", ye.merchant_id, "admin"), now=NOW)
    submitted("theirs", by=ye, merchant=ye.merchant_id)
    assert unheard() == []
    leaves("mate")
    assert unheard() == [("theirs", 0)]
