"""The whole state machine walked: no path to what is agreed on without every level, and a way back from everywhere."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from festoon.review import actions, machine
from festoon.review.models import Decision, Review
from tests.desk import NOW

PEOPLE = ("a", "b", "c")
PAPER = Path(__file__).parents[2] / "docs" / "review.md"
FLOWS = (
    ["any"],
    ["all"],
    ["any", "any"],
    ["some", "any"],
    ["all", "some", "any"],
)


NEEDS = {"any": 1, "all": 2, "some": 2}


def level(number: int, rule: str):
    parties = [{"person": name} for name in PEOPLE[:2]]
    return {"number": number, "rule": rule, "need": 2, "parties": parties, "hours": 0}


def agreed(flow, at, said):
    """Where the product itself puts a review after these approvals: (whether it passed, its level)."""
    review = Review(levels=[level(n, rule) for n, rule in enumerate(flow, 1)], level=at, state="open")
    outcome = actions._agree(review, [Decision(party=place, by=PEOPLE[place]) for place in said], NOW)
    return outcome == actions.Outcome.PASSED, review.level


def steps(state, flow):
    """Every move from (state of the thing, level, who agreed at it, levels met): (verb, what follows)."""
    thing, at, said, met = state
    for move in machine.MOVES:
        if not machine.allowed(move.verb, thing) or move.verb == "pass":
            continue
        if move.verb == "submit":
            yield move.verb, (machine.IN_REVIEW, 1, (), ())
        elif move.verb == "approve":
            for place in {0, 1} - set(said):
                now = tuple(sorted({*said, place}))
                passed, stands = agreed(flow, at, now)
                enough = (*met, at) if len(now) >= NEEDS[flow[at - 1]] else met
                if passed:
                    yield "pass", (machine.AGREED, 0, (), enough)
                else:
                    yield move.verb, (thing, stands, now if stands == at else (), met if stands == at else enough)
        elif move.verb == "return":
            yield from ((move.verb, (thing, to, (), met[: to - 1])) for to in range(1, at))
        else:
            yield move.verb, (move.to, 0, (), met if move.to == machine.AGREED else ())


def walked(flow):
    """Every state that can be reached, with the moves from it."""
    start = (machine.DRAFT, 0, (), ())
    found, waiting = {}, deque([start])
    while waiting:
        state = waiting.popleft()
        if state not in found:
            found[state] = list(steps(state, flow))
            waiting.extend(after for _, after in found[state])
    return found


def test_nothing_is_agreed_on_without_each_of_its_levels():
    for flow in FLOWS:
        agreed = [state for state in walked(flow) if state[0] == machine.AGREED]
        assert agreed
        assert {state[3] for state in agreed} == {tuple(range(1, len(flow) + 1))}


def test_every_state_but_the_archive_has_a_way_back_to_a_draft():
    for flow in FLOWS:
        found = walked(flow)
        back = {state for state in found if state[0] == machine.DRAFT}
        while more := {s for s, moves in found.items() if s not in back and any(after in back for _, after in moves)}:
            back |= more
        assert {state for state in set(found) - back if state[0] != machine.ARCHIVED} == set()


def test_what_is_agreed_on_is_reached_by_no_other_move_than_pass():
    into = [move.verb for move in machine.MOVES if move.to == machine.AGREED]
    assert into == ["pass"]
    assert {move.to for move in machine.MOVES} | {machine.DRAFT} == set(machine.STATES)


def test_the_paper_shows_the_machine_as_it_is():
    assert f"```mermaid\n{machine.diagram()}\n```" in PAPER.read_text()
