"""Plans that do not meet, done together by one statement a step: each counted and answered by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from festoon.ledger.store import movement
from festoon.ledger.store.connection import Answer, Clash, Connection
from festoon.ledger.store.crash import crash_point
from festoon.ledger.store.plan import Outcome, Plan, Step
from festoon.ledger.store.question import Hoped, Question, hoped, unexpected
from festoon.ledger.store.room import Room, Sums, sums
from festoon.records.refusal import KeyReused


class Half(Clash):
    """Plans were refused when part of them was written: all goes back, and the others are done without them."""

    def __init__(self, refused: Mapping[int, BaseException]) -> None:
        super().__init__()
        self.refused = refused


class Meant(Clash):
    """A constraint said no to a statement; `error` is what that means where only one plan was done."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class Disappointed(Clash):
    """What was hoped for did not come: a key was used before, or somebody is refused."""


class Wave:
    """One go at the `plans`, each known by its place in the group.

    After `run`, `outcomes` has what they came to, and `later` those that may fit when a neighbour turns out to take
    nothing. Raises Clash (Half, Meant) when all of it must be gone back. `room` is asked for when it is needed.
    """

    def __init__(self, connection: Connection, plans: Mapping[int, Plan], room: Room) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.later: list[int] = []
        self._connection = connection
        self._plans = dict(plans)
        self._room = room
        self._leading = {place: _leading(plan) for place, plan in plans.items()}
        self._wrote: set[int] = set()
        self._hopes = False
        self._recalls: list[tuple[list[int], Answer]] = []
        self._hoped: list[Hoped] = []
        self._moved: Sums = {}

    def run(self) -> None:
        """Do them: keys first, then what is only read, then what there is, then each step, then the accounts."""
        recalls = self._ask_keys()
        reads = self._ask_first()
        self._recall(recalls)
        for question in reads:
            self._judge(question)
        crash_point("wave.judged")
        self._fit()
        self._write(self._left())
        crash_point("wave.stepped")
        self._move()
        crash_point("wave.moved")
        for place, plan in self._left().items():
            crash_point(f"{plan.verb}.after_write")
            self.outcomes[place] = Outcome(answer=plan.answer, written=True)

    def hope(self) -> None:
        """Write the same in the same order and wait for nothing, as though no key were known and nobody refused.

        What the writing shows by itself is not asked. The accounts come with `settle`.
        """
        self._hopes = True
        self._recalls, self._hoped = self._ask_keys(), [question.fine for question in self._ask_first()]
        crash_point("wave.judged")
        self._connection.push(answers=True)
        self._write(self._plans)
        self._connection.look()
        self._connection.push()

    def join(self, plans: Mapping[int, Plan]) -> None:
        """In hope: write those of more plans that came meanwhile and ask nothing that was not asked."""
        self._plans |= plans
        self._leading |= {place: _leading(plan) for place, plan in plans.items()}
        self._write(plans)
        self._connection.push()

    def settle(self) -> None:
        """In hope: the accounts of all of them."""
        crash_point("wave.stepped")
        self._move()
        crash_point("wave.moved")
        for place, plan in self._plans.items():
            crash_point(f"{plan.verb}.after_write")
            self.outcomes[place] = Outcome(answer=plan.answer, written=True)

    def come_true(self) -> None:
        """Look at what it answered, before the commit; raises Disappointed, or the Clash there was.

        What was asked first is answered while the rest is written, so that is mostly no waiting.
        """
        self._connection.push()
        if any(answer() for _, answer in self._recalls) or self._room.short_of(self._moved) is not None:
            raise Disappointed
        if not all(fine() for fine in self._hoped):
            raise Disappointed

    def _left(self) -> dict[int, Plan]:
        return {place: plan for place, plan in self._plans.items() if place not in self.outcomes}

    def _ask_keys(self) -> list[tuple[list[int], Answer]]:
        by_statement: dict[str, list[int]] = {}
        for place, plan in self._plans.items():
            if plan.recall is not None and not (self._hopes and plan.recall.shown):
                by_statement.setdefault(plan.recall.statement.name, []).append(place)
        return [(places, self._ask_for(places)) for places in by_statement.values()]

    def _ask_for(self, places: Sequence[int]) -> Answer:
        recalls = [recall for place in places if (recall := self._plans[place].recall)]
        return self._connection.ask(recalls[0].statement.now, [recall.values for recall in recalls])

    def _ask_first(self) -> list[Question]:
        """In hope the same step of several plans is one question: nobody is told apart."""
        steps: dict[str, list[tuple[int, Step]]] = {}
        asked: set[int] = set()
        for place, plan in self._plans.items():
            for step in plan.steps[: self._leading[place]]:
                if self._hopes and (step.shown or id(step) in asked):
                    continue
                asked.add(id(step))
                steps.setdefault(step.statement.name, []).append((place, step))
        return [Question(self._connection, each) for each in steps.values()]

    def _recall(self, asked: Sequence[tuple[Sequence[int], Answer]]) -> None:
        for places, answer in asked:
            for row in answer():
                place = places[row[0]]
                self.outcomes[place] = recalled(self._plans[place], row)

    def _fit(self) -> None:
        """Who wants more than there is goes away empty; who may fit when a neighbour does waits for it."""
        for place, plan in self._left().items():
            if plan.otherwise is not None:
                self.outcomes[place] = Outcome(error=plan.otherwise)
        if self._room.lacking([move for plan in self._left().values() for move in plan.moves]) is None:
            return
        left = self._room.copy()
        for place, plan in self._left().items():
            if (move := self._room.lacking(plan.moves)) is not None:
                self.outcomes[place] = Outcome(error=move.refuse or unexpected(move.account, 0))
            elif left.lacking(plan.moves) is not None:
                self.later.append(place)
                del self._plans[place]
            else:
                left.take(plan.moves)

    def _judge(self, question: Question) -> None:
        refused, touched = question.judge()
        self._wrote |= touched
        if half := {place: error for place, error in refused.items() if place in self._wrote}:
            raise Half(half)
        for place, error in refused.items():
            if place in self._plans:
                self.outcomes.setdefault(place, Outcome(error=error))

    def _write(self, plans: Mapping[int, Plan]) -> None:
        steps = {place: list(plan.steps[self._leading[place] :]) for place, plan in plans.items()}
        while waiting := {place: rest for place, rest in steps.items() if rest and place not in self.outcomes}:
            name = next(iter(waiting.values()))[0].statement.name
            together = [(place, rest.pop(0)) for place, rest in waiting.items() if rest[0].statement.name == name]
            if any(step.values for _, step in together):
                self._step(together)

    def _step(self, together: Sequence[tuple[int, Step]]) -> None:
        try:
            if self._hopes:
                if (fine := hoped(self._connection, together)) is not None:
                    self._hoped.append(fine)
                crash_point("wave.half_written")
            else:
                asked = Question(self._connection, together)
                crash_point("wave.half_written")
                self._judge(asked)
        except Half:
            raise
        except Clash as clash:
            raise Meant(together[0][1].refuse or clash) from clash

    def _move(self) -> None:
        moves = [move for plan in self._left().values() for move in plan.moves]
        self._moved = sums(moves)
        rows: list[dict[str, Any]] = [
            {"account": account, "granted": granted, "held": held, "spent": spent}
            for account, (granted, held, spent) in self._moved.items()
        ]
        if not rows:
            return
        try:
            self._connection.ask(movement.MOVE.now, rows)
        except Clash as clash:
            raise Meant(moves[0].refuse or clash) from clash
        if not self._hopes:
            self._room.take(moves)


def recalled(plan: Plan, row: Sequence[Any]) -> Outcome:
    """What a plan comes to whose key was used before."""
    assert plan.recall is not None
    if row[1] != plan.recall.body:
        return Outcome(error=KeyReused())
    return Outcome(answer=plan.recall.answer(tuple(row)))


def _leading(plan: Plan) -> int:
    """How many steps only read and stand before the first that writes."""
    leading = 0
    for step in plan.steps:
        if not step.statement.reads:
            break
        leading += 1
    return leading
