"""One group, one transaction: what can be done together is; where a constraint says no, it is parted until it is known
whom it means.

First, once a group, what all share; then all accounts of the group, locked in the order of their codes: no two groups
wait for each other. Plans of one lane, and replays of one key, go in waves one after another; each wave sees the ones
before. On the first try nothing marks a way back: a group in which no constraint is broken needs none. If one is, the
whole group goes back and is done again by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from festoon.ledger.store import movement
from festoon.ledger.store.connection import Answer, Clash, Connection
from festoon.ledger.store.crash import crash_point
from festoon.ledger.store.joining import Company, More, anybody, nobody
from festoon.ledger.store.plan import Outcome, Plan
from festoon.ledger.store.records import Chain, leave
from festoon.ledger.store.room import Room
from festoon.ledger.store.wave import Half, Meant, Wave, recalled

Places = Mapping[int, Plan]
Way = Callable[[Connection, Places, Room], dict[int, Outcome]]
Waves = Callable[[Connection, list[Plan], Answer], dict[int, Outcome]]


def commit(
    connection: Connection,
    plans: Sequence[Plan],
    notes: Sequence[Mapping[str, Any]],
    chain: Chain,
    more: More = nobody,
) -> list[Outcome]:
    """Do all `plans` in one transaction and answer each; raises Clash, Busy or Lost when nothing of it was done.

    Those that come by `more` while the first are written are of the group, and answered after them.
    """
    plans = [*plans]
    if _promising(plans) and connection.hopes.now():
        hoping = _Hoping(more)
        try:
            outcomes = _commit(connection, plans, notes, chain, hoping.waves, hoping.come_true)
        except Clash:
            connection.hopes.failed()
        else:
            connection.hopes.came_true()
            return outcomes
    plans += more(anybody)
    try:
        return _commit(connection, plans, notes, chain, partial(_waves, way=_together))
    except Clash:
        return _commit(connection, plans, notes, chain, partial(_waves, way=_by_halves), by_halves=True)


def _promising(plans: Sequence[Plan]) -> bool:
    """Whether all of them want to write, and no two of them can meet."""
    if any(plan.otherwise is not None for plan in plans):
        return False
    lanes = [lane for plan in plans for lane in (plan.lane, plan.beside) if lane]
    keys = [(recall.statement.name, *recall.values.values()) for plan in plans if (recall := plan.recall) is not None]
    return len(set(lanes)) == len(lanes) and len(set(keys)) == len(keys)


class _Hoping:
    """The whole group in one wave that waits for nothing before everything is sent; then it is seen whether all is well."""

    def __init__(self, more: More) -> None:
        self._more = more

    def waves(self, connection: Connection, plans: list[Plan], locked: Answer) -> dict[int, Outcome]:
        """Send it; while it is written, those who come as well."""
        self._wave = Wave(connection, dict(enumerate(plans)), Room(locked))
        self._wave.hope()
        if came := self._more(Company(plans).fits):
            joining = dict(enumerate(came, len(plans)))
            plans += came  # before they are written: if that fails, they are done again with the others
            self._wave.join(joining)
        self._wave.settle()
        return self._wave.outcomes

    def come_true(self) -> None:
        """Wait for it; raises Clash when it has to be done with more care."""
        self._wave.come_true()


def _commit(
    connection: Connection,
    plans: list[Plan],
    notes: Sequence[Mapping[str, Any]],
    chain: Chain,
    waves: Waves,
    come_true: Callable[[], None] = lambda: None,
    *,
    by_halves: bool = False,
) -> list[Outcome]:
    connection.begin(together=not by_halves)
    try:
        crash_point("group.begun")
        locked = _lock(connection, plans)
        crash_point("group.locked")
        outcomes = waves(connection, plans, locked)
        crash_point("group.written")
        done = [plan for place, plan in enumerate(plans) if outcomes[place].written]
        if done:
            leave(connection, done, notes, chain, ends=by_halves)
            crash_point("group.told")
        come_true()
        crash_point("group.before_commit")
        connection.commit()
        if done:
            chain.committed()
    except BaseException:
        connection.rollback()
        raise
    crash_point("group.after_commit")
    return [outcomes[place] for place in range(len(plans))]


def _lock(connection: Connection, plans: Sequence[Plan]) -> Answer:
    for gate in {plan.gate.name: plan.gate for plan in plans if plan.gate}.values():
        connection.ask(gate.now, [{}])
    connection.push()
    codes = sorted({move.account for plan in plans for move in plan.moves})
    return connection.ask(movement.LOCK.now, [{"account": code} for code in codes]) if codes else lambda: ()


def _waves(connection: Connection, plans: Sequence[Plan], locked: Answer, *, way: Way) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    room = Room(locked)
    waiting = dict(enumerate(plans))
    while waiting:
        now = _apart(waiting)
        outcomes |= way(connection, now, room)
        waiting = {place: plan for place, plan in waiting.items() if place not in outcomes}
    return outcomes


def _apart(waiting: Places) -> Places:
    """The first of each lane and of each key."""
    met: set[Any] = set()
    found = {}
    for place, plan in waiting.items():
        marks = {plan.lane, plan.beside} - {""} | (
            {(plan.recall.statement.name, *plan.recall.values.values())} if plan.recall else set()
        )
        if not marks & met:
            found[place] = plan
        met |= marks
    return found


def _together(connection: Connection, plans: Places, room: Room) -> dict[int, Outcome]:
    wave = Wave(connection, plans, room)
    wave.run()
    return wave.outcomes


def _by_halves(connection: Connection, plans: Places, room: Room) -> dict[int, Outcome]:
    """With a way back: who is refused half-way is left out, a clash is looked for by halves, who is alone is told."""
    if not plans:
        return {}
    connection.savepoint()
    wave = Wave(connection, plans, before := room.copy())
    try:
        wave.run()
    except Half as half:
        connection.back()
        left = {place: plan for place, plan in plans.items() if place not in half.refused}
        return {place: Outcome(error=error) for place, error in half.refused.items()} | _by_halves(
            connection, left, room
        )
    except Clash as clash:
        connection.back()
        if len(plans) == 1:
            [(place, plan)] = plans.items()
            return {place: _alone(connection, plan, clash)}
        places = list(plans)
        first, second = (
            {p: plans[p] for p in part} for part in (places[: len(places) // 2], places[len(places) // 2 :])
        )
        return _by_halves(connection, first, room) | _by_halves(connection, second, room)
    connection.release()
    room.become(before)
    return wave.outcomes


def _alone(connection: Connection, plan: Plan, clash: Clash) -> Outcome:
    """A constraint said no to this very plan: its key was used meanwhile, or the step says what it means."""
    if plan.recall is not None:
        for row in connection.ask(plan.recall.statement.now, [plan.recall.values])():
            return recalled(plan, row)
    return Outcome(error=clash.error if isinstance(clash, Meant) else clash)
