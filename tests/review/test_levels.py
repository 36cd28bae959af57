"""Reviews: levels in order, each by its role, nobody twice, nobody on their own."""

import threading

import pytest
from django.db import connection, transaction

from festoon.records import parts
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows, queries
from festoon.review.actions import Outcome
from tests.desk import CHEN, HE, LATER, LIN, NOW, REVIEWER, person
from tests.review.inbox import inbox

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = person("boss", 1, "reviewer", "finance")


def submitted(subject="x", by=LIN, merchant=1):
    (made,) = review.open_all([review.Submission("campaign", subject, {"a": 1}, merchant)], by=by, now=NOW)
    return made


def test_two_levels_agree_in_order(shop):
    one = submitted()
    with pytest.raises(Forbidden):
        review.decide(one, "approve", by=HE, now=NOW)
    assert review.decide(one, "approve", by=CHEN, now=NOW) == Outcome.OPEN
    assert review.decide(one, "approve", by=HE, now=LATER) == Outcome.PASSED
    assert (one.state, one.closed_at) == ("passed", LATER)


def test_nobody_decides_at_two_levels(shop):
    one = submitted()
    review.decide(one, "approve", by=BOTH, now=NOW)
    with pytest.raises(Conflict, match="decided_already"):
        review.decide(one, "approve", by=BOTH, now=NOW)


def test_nobody_decides_on_what_they_submitted(shop):
    with pytest.raises(Conflict, match="own_submission"):
        review.decide(submitted(by=BOTH), "approve", by=BOTH, now=NOW)


def test_the_second_level_may_send_back(shop):
    one = submitted()
    review.decide(one, "approve", by=CHEN, now=NOW)
    assert review.decide(one, "send_back", by=HE, now=NOW, comment="too dear") == Outcome.SENT_BACK
    with pytest.raises(Conflict, match="already_sent_back") as raised:
        review.decide(one, "approve", by=CHEN, now=NOW)
    assert raised.value.detail["by"] == "person:he"
    assert "person:he" in raised.value.words.zh


def test_an_inbox_holds_what_waits_for_its_reader(shop):
    one = submitted()
    assert (inbox(CHEN, NOW), inbox(HE, NOW), inbox(LIN, NOW)) == ([one], [], [])
    review.decide(one, "approve", by=CHEN, now=NOW)
    assert (inbox(CHEN, NOW), inbox(HE, NOW)) == ([], [one])


def test_one_thing_is_in_one_review(shop):
    submitted()
    with pytest.raises(Conflict, match="in_review"):
        submitted()


def test_a_change_of_the_flow_does_not_touch_what_is_open(shop):
    one = submitted()
    flows.set_flow("campaign", [], by=SYSTEM, now=NOW)
    assert review.decide(one, "approve", by=CHEN, now=NOW) == Outcome.OPEN
    assert submitted("y").state == "passed"


def test_a_decision_is_one_of_two_words(shop):
    with pytest.raises(Invalid):
        review.decide(submitted(), "maybe", by=CHEN, now=NOW)
    with pytest.raises(Forbidden):
        flows.set_flow("campaign", [REVIEWER], by=LIN, now=NOW)


def test_a_merchant_decides_only_behind_its_wall(shop, ye):
    theirs = type(ye)(ye.name, ye.merchant_id, frozenset({"review.decide:reviewer"}))
    with pytest.raises(NotFound):
        review.decide(submitted(), "approve", by=theirs, now=NOW)
    assert review.decide(submitted("y", merchant=ye.merchant_id), "approve", by=theirs, now=NOW) == Outcome.OPEN


def test_many_are_decided_on_each_in_its_own_row(shop, monkeypatch):
    """Locked in one order for everybody, and part for part, whatever the order they were named in."""
    monkeypatch.setattr(queries, "in_parts", lambda numbers: parts.in_parts(numbers, 2))
    kinds = ["campaign", "promotion", "promotion", "campaign", "coupon"]
    made = [
        review.open_all([review.Submission(kind, str(at), {"a": at}, 1)], by=LIN, now=NOW)[0]
        for at, kind in enumerate(kinds)
    ]
    numbers = [made[at].pk for at in (4, 0, 3, 2, 1)]
    with transaction.atomic():
        assert [found.pk for found in queries.locked(CHEN, numbers)] == sorted(numbers)
    mine = [queries.review(CHEN, number, NOW) for number in numbers]
    review.decide_all(mine, review.Said(), by=CHEN, now=LATER)
    for each in mine:
        there = queries.review(CHEN, each.pk, NOW)
        assert (each.state, each.level) == (there.state, there.level)
    assert {each.state for each in mine} == {"open", "passed"}


def test_of_two_reviewers_at_once_one_decides_and_the_other_reads_what_happened(shop):
    """Fails when the review is not locked, or not read again inside the transaction."""
    flows.set_flow("campaign", [REVIEWER], by=SYSTEM, now=NOW)
    one, said = submitted(), []

    def other():
        try:
            said.append(review.decide(queries.review(BOTH, one.pk, NOW), "approve", by=BOTH, now=NOW))
        except Conflict as conflict:
            said.append(conflict.code)
        connection.close()

    deciding = threading.Thread(target=other)
    with transaction.atomic():
        assert review.decide(one, "approve", by=CHEN, now=NOW) == Outcome.PASSED
        deciding.start()
        deciding.join(0.5)
    deciding.join()
    assert said == ["already_passed"]
