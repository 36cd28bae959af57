"""Two merchants who are twins: whatever one asks, in whatever way, it hears nothing of the other and moves nothing there."""

import pytest

from tests.rights.asking import answer, questions, rows, text, ways, without
from tests.rights.doors import VERBS
from tests.rights.world import B, NOW, P

pytestmark = pytest.mark.django_db
QUESTIONS = questions()
OF_EVERYBODY = {
    "offers.queries.taken": "codes are unique in the house: who takes one hears that it is taken, and nothing else",
    "presets.queries.taken": "as above",
    "campaigns.queries.open_to": "a campaign of the platform one may take part in, for verbs that are told its code",
    "campaigns.queries.unapproved": "what waits in the book; asked by the system alone",
}  # fmt: skip
"""What tells more than a merchant's own, and why."""
PLUMBING = {"webhooks.queries.advance", "analytics.lake.queries.advance", "webhooks.queries.lease"}
"""They write; the couriers' own."""


def asked(name, viewer, house):
    """Each answer to the question with its arguments, about this house's things; what cannot be asked so is left."""
    question = QUESTIONS[name]
    for given in ways(question, house):
        try:
            yield given, answer(lambda given=given: question(viewer, **given))[0]
        except (AttributeError, TypeError, ValueError):
            continue


def test_no_question_tells_of_another(twins):
    a, b = twins
    leaks, reached = [], set()
    for name in QUESTIONS:
        if name in OF_EVERYBODY or name in PLUMBING:
            continue
        for given, said in asked(name, a.person, b):
            reached.add(name)
            if B in without(said, given) or P in without(said, given):
                leaks.append(f"{name}({text(given)[:80]}): …{without(said, given)[:4000]}")
    assert not leaks, f"{len(leaks)} leaks\n" + "\n".join(leaks)
    assert len(reached) > 100, sorted(set(QUESTIONS) - reached)


def test_the_twin_itself_hears(twins):
    """What is shown above is not that nobody hears anything."""
    _, b = twins
    heard = {name for name in QUESTIONS if any(B in said for _, said in asked(name, b.person, b)) and name not in PLUMBING}
    assert len(heard) > 80


ALREADY = {"checkout.auditing.ask", "records.jobs.enqueue", "coupons.pools.make_codes"}
NOT_ABOUT_A_THING = {
    "review.actions.open_all", "review.flows.set_flow", "review.flows.set_ceiling", "webhooks.actions.subscribe",
    "campaigns.actions.create", "promotions.actions.create", "coupons.actions.create", "distribution.actions.create",
    "presets.actions.create", "catalog.colleagues.add_person", "catalog.machines.actions.make_key",
}  # fmt: skip


def test_every_write_on_anothers_thing_is_refused_as_if_it_were_not_there(twins):
    a, b = twins
    wrong, reached, before = [], set(), rows()
    for name, verb in VERBS.items():
        if name in NOT_ABOUT_A_THING or name in ALREADY:
            continue
        for given, gone in zip(ways(verb, b), ways(verb, b, nowhere=True), strict=True):
            if not any(B in text(each) or each in b.ids.values() for each in given.values()):
                continue
            try:
                said, asked_for = tried(verb, a.person, given)
                other, asked_too = tried(verb, a.person, gone)
            except (AttributeError, TypeError, ValueError, KeyError):
                continue
            reached.add(name)
            if without(said, given) != without(other, gone) or asked_for != asked_too:
                wrong.append(f"{name}({text(given)[:120]}): {said[:300]} ({asked_for}) | {other[:300]} ({asked_too})")
            if not said.startswith("refused"):
                wrong.append(f"{name}({text(given)[:120]}) was not refused: {said[:200]}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)
    assert rows() == before, "and nothing moved"
    print(len(reached), sorted(set(VERBS) - reached))
    assert len(reached) > 40


def tried(verb, viewer, given):
    from inspect import signature

    takes = signature(verb).parameters
    more = {"now": NOW} if "now" in takes else {}
    more |= {"key": "a-key"} if "key" in takes else {}
    return answer(lambda: verb(**given, **more, by=viewer))
