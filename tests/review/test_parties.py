"""Levels of several parties, and every way back: returned, sent back with marks, rejected, opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from festoon.base.words import Words
from festoon.offers import queries as offers
from festoon.promotions import actions as promotions
from festoon.records.refusal import Conflict, Forbidden, Invalid
from festoon.records.viewer import SYSTEM
from festoon.review import actions as review
from festoon.review import flows, queries
from festoon.review.actions import Outcome, Said, Submission
from festoon.review.levels import Step
from tests.desk import CHEN, FINANCE, HE, LATER, LIN, NOW, REVIEWER, person, spend_and_save

pytestmark = pytest.mark.django_db(transaction=True)
WU, SU = person("wu", 1, "reviewer"), person("su", 1, "reviewer")
BOARD = Words(en="Board", zh="评审会")


def flow(*levels: Step) -> None:
    flows.set_flow("campaign", levels, by=SYSTEM, now=NOW)


def submitted():
    (made,) = review.open_all([Submission("campaign", "x", {"a": 1}, 1)], by=LIN, now=NOW)
    return made


def agree(one, by):
    return review.decide(one, "approve", by=by, now=NOW)


def test_all_parties_agree_each_by_another_person(shop):
    flow(Step(BOARD, ["role:reviewer", "role:finance"], "all"))
    one = submitted()
    assert agree(one, CHEN) == Outcome.OPEN
    with pytest.raises(Forbidden):
        agree(one, WU)  # the reviewers have spoken; finance has not
    assert agree(one, HE) == Outcome.PASSED


def test_somebody_of_both_roles_speaks_for_one_party_only(shop):
    flow(Step(BOARD, ["role:reviewer", "role:finance"], "all"))
    one, both = submitted(), person("boss", 1, "reviewer", "finance")
    assert agree(one, both) == Outcome.OPEN
    with pytest.raises(Conflict, match="decided_already"):
        agree(one, both)
    assert agree(one, HE) == Outcome.PASSED


def test_two_of_the_reviewers_agree(shop):
    flow(Step(BOARD, ["role:reviewer"], "some", need=2))
    one = submitted()
    assert agree(one, CHEN) == Outcome.OPEN
    with pytest.raises(Conflict, match="decided_already"):
        agree(one, CHEN)
    assert agree(one, WU) == Outcome.PASSED


def test_a_named_person_agrees(shop):
    flow(Step(BOARD, ["person:su"]))
    one = submitted()
    with pytest.raises(Forbidden):
        agree(one, CHEN)
    assert agree(one, SU) == Outcome.PASSED


def test_returned_to_the_first_level_it_passes_every_level_again(shop):
    one = submitted()
    agree(one, CHEN)
    review.decide_all([one], Said("return", "The costs are missing.", to=1), by=HE, now=NOW)
    assert (one.level, one.round, one.state) == (1, 2, "open")
    with pytest.raises(Forbidden):
        agree(one, HE)
    assert agree(one, CHEN) == Outcome.OPEN
    with pytest.raises(Conflict, match="decided_already"):
        agree(one, person("chen", 1, "reviewer", "finance"))  # the same person, promoted meanwhile
    assert agree(one, HE) == Outcome.PASSED


@pytest.mark.parametrize("to", [0, 1, 2, -1])
def test_it_is_returned_only_to_a_level_it_has_passed(shop, to):
    with pytest.raises(Invalid, match="no_such_level"):
        review.decide_all([submitted()], Said("return", "why", to=to), by=CHEN, now=NOW)


@pytest.mark.parametrize("decision", ["return", "send_back", "reject"])
def test_who_does_not_approve_says_why(shop, decision):
    with pytest.raises(Invalid, match="missing"):
        review.decide(submitted(), decision, by=CHEN, now=NOW, comment=" ")


def test_what_goes_back_names_the_fields_that_are_wrong(shop):
    one = submitted()
    marks = {"with.tiers[0].off": "Twice the usual."}
    review.decide_all([one], Said("send_back", "Too deep.", marks), by=CHEN, now=NOW)
    (said,) = queries.review(LIN, one.pk, NOW).decisions.all()
    assert (said.decision, said.marks) == ("send_back", marks)


def test_what_was_rejected_is_changed_only_when_it_is_opened_again(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    promotions.submit(offer, by=LIN, now=NOW)
    assert promotions.decide(offer, Said("reject", "Not this year."), by=CHEN, now=NOW) == Outcome.REJECTED
    for verb in (lambda: promotions.edit(offer, spend_and_save(), by=LIN, now=NOW),
                 lambda: promotions.submit(offer, by=LIN, now=NOW)):  # fmt: skip
        with pytest.raises(Conflict):
            verb()
    promotions.reopen(offer, by=LIN, now=LATER)
    promotions.edit(offer, spend_and_save(), by=LIN, now=LATER)
    promotions.submit(offers.offer(LIN, offer.code), by=LIN, now=LATER)
    assert promotions.approve(offers.offer(LIN, offer.code), by=CHEN, now=LATER) == Outcome.PASSED


def test_only_what_was_rejected_or_recalled_is_opened_again(theme):
    offer = promotions.create(spend_and_save(), by=LIN, now=NOW)
    with pytest.raises(Conflict, match="cannot_reopen"):
        promotions.reopen(offer, by=LIN, now=NOW)


def test_a_level_is_due_so_many_hours_after_it_was_reached(shop):
    flow(Step(REVIEWER.name, REVIEWER.parties, hours=4), FINANCE)
    one = submitted()
    assert one.due_at == NOW + timedelta(hours=4)
    agree(one, CHEN)
    assert one.due_at is None


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (Step(BOARD, []), "levels[0].parties"),
        (Step(BOARD, ["everybody"]), "levels[0].parties"),
        (Step(BOARD, ["role:reviewer"], "most"), "levels[0].rule"),
        (Step(BOARD, ["person:su"], "some", need=2), "levels[0].need"),
        (Step(BOARD, ["role:reviewer"], "some", need=0), "levels[0].need"),
        (Step(BOARD, ["role:reviewer"], hours=-1), "levels[0].hours"),
    ],
)
def test_a_level_that_does_not_hold_together_is_refused_by_its_field(shop, step, field):
    with pytest.raises(Invalid) as raised:
        flow(step)
    assert raised.value.field == field
