"""What waits for somebody is counted as it is listed, in whatever state reviews are."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from festoon.base.words import Words
from festoon.catalog import colleagues
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows, levels, queries
from festoon.review.actions import Said
from festoon.review.models import Review
from tests.desk import CHEN, HE, LATER, LIN, NOW, person
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
BOSS, ZHOU = person("boss", 1, "reviewer", "finance"), person("zhou", 1, "analyst")


def submitted(subject, by=LIN, kind="campaign"):
    (made,) = review.open_all([review.Submission(kind, subject, {"a": 1}, 1)], by=by, now=NOW)
    return made


@pytest.fixture
def stand_in(shop):
    """The boss's place is taken by an analyst, who decides on nothing otherwise."""
    for code, roles in (("boss", ["reviewer", "finance"]), ("zhou", ["analyst"]), ("lin", ["operator"])):
        colleagues.add_person(
            code, merchant="lantern", name=Words(code, code), roles=roles, password="x", by=SYSTEM, now=NOW
        )
    flows.delegate("boss", "zhou", since=NOW, until=LATER, by=BOSS, now=NOW)


def agrees():
    """How many each finds waiting; all ways of asking say the same."""
    found = {}
    for viewer in (CHEN, HE, LIN, BOSS, ZHOU, SYSTEM):
        listed = {one.pk for one in inbox(viewer, NOW)}
        assert queries.waiting(viewer, NOW) == len(listed)
        waits, seen = queries.waits(viewer, NOW), queries.visible(viewer)
        assert {one.pk for one in seen.filter(waits.where)} == listed
        assert {one.pk for one in seen if waits.has(one)} == listed
        found[viewer.name.partition(":")[2]] = len(listed)
    return found


def test_what_waits_is_counted_as_it_is_listed(stand_in):
    first, second = submitted("x"), submitted("y")
    submitted("of-boss", by=BOSS)
    submitted("of-chen", by=CHEN)
    submitted("a-coupon", kind="coupon")
    begun = agrees()
    assert (begun["chen"], begun["he"], begun["boss"], begun["zhou"]) == (4, 0, 4, 4), (
        "nobody's own, nor for its author"
    )
    review.decide(first, "approve", by=CHEN, now=NOW)
    review.decide(second, "approve", by=ZHOU, now=NOW)
    after = agrees()
    assert (after["chen"], after["he"]) == (2, 2)
    review.decide_all([first], Said("return", "again", to=1), by=HE, now=NOW)
    review.decide(second, "send_back", by=HE, now=NOW, comment="too dear")
    assert agrees()["chen"] == 3


def test_a_thousand_more_are_counted_with_as_many_questions(shop, django_assert_max_num_queries):
    for n in range(12):
        submitted(f"n-{n}")
    with django_assert_max_num_queries(3):
        assert queries.waiting(CHEN, NOW) == 12


def test_no_page_reads_what_is_wide_only_to_count(shop):
    """Of reviews that somebody has spoken on, which are looked at one by one."""
    begun = submitted("begun")
    review.decide(begun, "approve", by=CHEN, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        assert queries.waiting(HE, NOW) == 1
    wide = ('"content"', '"expected"', '"measures"', '"comment"')
    assert not [each["sql"] for each in asked if any(name in each["sql"] for name in wide)]


def asked():
    return dict(Review.objects.values_list("subject", "asks"))


def test_whom_a_review_asks_is_kept_until_somebody_speaks(stand_in):
    first, second, third = submitted("x"), submitted("y"), submitted("z")
    assert asked() == dict.fromkeys("xyz", '{"rule":"any","parties":[{"role":"reviewer"}]}')
    review.decide(first, "approve", by=CHEN, now=NOW)
    review.withdraw(second, by=LIN, now=NOW)
    review.decide(third, "reject", by=CHEN, now=NOW, comment="no")
    assert asked() == dict.fromkeys("xyz", "")


def test_what_has_no_such_text_is_looked_at_one_by_one(stand_in):
    """A level with more parties than an index holds; and what was open before an upgrade gets its text by it."""
    begun = submitted("begun")
    submitted("x"), submitted("of-boss", by=BOSS), submitted("a-coupon", kind="coupon")
    review.decide(begun, "approve", by=CHEN, now=NOW)
    found, told = agrees(), asked()
    Review.objects.update(asks="")
    assert agrees() == found
    import_module("festoon.review.migrations.0006_asks").fill(apps, None)
    assert asked() == told
    many = {"rule": "all", "parties": [{"person": f"colleague-{n}"} for n in range(40)]}
    assert levels.asks(many) == ""


def test_what_waits_is_counted_from_an_index_alone(shop):
    rows = Review.objects.filter(state="open", asks__gt="").exclude(opened_by="x").values_list("asks", "opened_by")
    assert connection.vendor != "sqlite" or "COVERING INDEX review_waits" in rows.annotate(n=Count("*")).explain()
