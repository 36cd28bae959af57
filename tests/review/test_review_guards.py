"""Reviews: one at a time, by somebody else, once each, and on what was read. Each guard is taken away."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Forbidden
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import flows, levels, queries, refusals
from festoon.review.actions import Outcome, Said, Submission
from festoon.review.levels import Step
from festoon.review.models import Decision, Review
from tests.checkout.unguarded import without_constraint, without_words
from tests.desk import CHEN, HE, LIN, NOW, REVIEWER, person, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_reviewers(shop: None) -> None:
    flows.set_flow("campaign", [Step(REVIEWER.name, REVIEWER.parties, "some", need=2)], by=SYSTEM, now=NOW)


def submitted(by: Viewer = LIN) -> Review:
    (made,) = review.open_all([Submission("campaign", "x", {"a": 1}, 1)], by=by, now=NOW)
    return made


def agree(one: Review, by: Viewer) -> Outcome:
    return review.decide(one, "approve", by=by, now=NOW)


def test_one_review_of_a_thing_is_open(two_reviewers: None) -> None:
    submitted()
    with pytest.raises(Conflict, match="in_review"):
        submitted()
    with without_constraint(Review, "review_one_open"):
        submitted()
        assert queries.visible(SYSTEM).filter(state="open", subject="x").count() == 2


def test_nobody_agrees_to_their_own(two_reviewers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = submitted(by=CHEN)
    with pytest.raises(Conflict, match="own_submission"):
        agree(one, CHEN)
    without_words(monkeypatch, refusals.speaker, "review.opened_by == by.name", "False")
    assert agree(one, CHEN) == Outcome.OPEN
    assert agree(one, person("wu", 1, "reviewer")) == Outcome.PASSED


def test_who_is_no_party_does_not_decide(two_reviewers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = submitted()
    with pytest.raises(Forbidden):
        agree(one, HE)
    without_words(monkeypatch, levels._is, "viewer.may(f\"review.decide:{party['role']}\")", "True")
    assert agree(one, HE) == Outcome.OPEN


def test_the_index_keeps_each_to_one_voice(two_reviewers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = submitted()
    agree(one, CHEN)
    with pytest.raises(Conflict, match="decided_already"):
        agree(one, CHEN)
    spoke = "one.by == viewer.name or each.name in (one.by, one.for_whom)"
    without_words(monkeypatch, levels.party_of, spoke, "False")
    with pytest.raises(IntegrityError):
        agree(one, CHEN)
    with without_constraint(Decision, "decision_once"):
        assert agree(one, CHEN) == Outcome.PASSED, "one person passed a level of two"


def test_a_decision_is_on_the_review_that_was_read(theme: object, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    read = [queries.latest_of(SYSTEM, "promotion", [offer.code])[offer.code].pk]
    promotions.withdraw(offer, by=LIN, now=NOW)
    deeper = spend_and_save(**{"with": {"tiers": [{"at": 30000, "off": 25000}]}})
    promotions.edit(offer, deeper, by=LIN, now=NOW)
    offer = offers.offer(LIN, offer.code)
    promotions.submit(offer, by=LIN, now=NOW)
    with pytest.raises(Conflict, match="already_withdrawn"):
        promotions.decide(offer, Said(), by=CHEN, now=NOW, read=read)
    without_words(monkeypatch, queries.meant, "read is None", "True")
    assert promotions.decide(offer, Said(), by=CHEN, now=NOW, read=read) == Outcome.PASSED, "what nobody read"
