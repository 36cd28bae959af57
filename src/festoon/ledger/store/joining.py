"""Who may still come into a group that is under way: while the database writes the first of it, others are made ready.

Whoever joins adds rows, which wait for nobody but a row of the same name; its accounts are locked already, in the order
of their codes, and what it would ask first was asked. So nothing is locked or judged in another order than were it there
from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from festoon.ledger.store.plan import Plan

Fits = Callable[[Plan], bool]
More = Callable[[Fits], Sequence[Plan]]
"""The plans that came meanwhile and fit; the others wait for the next group."""


def nobody(_: Fits) -> Sequence[Plan]:
    """None come while a group is under way."""
    return ()


def anybody(_: Plan) -> bool:
    """Nothing of the group was sent: everybody fits."""
    return True


class Company:
    """The plans of a group in hope, as far as those who come later must know them; no two have a lane or a key in common."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._first: Sequence[Plan] | None = plans
        self._gates: set[str] = set()
        self._accounts: set[str] = set()
        self._asked: set[int] = set()
        self._met: set[object] = set()

    def fits(self, plan: Plan) -> bool:
        """Whether it can come as well; it is one of them then."""
        if self._first is not None:
            self._know(self._first)
        if plan.otherwise is not None or (plan.gate is not None and plan.gate.name not in self._gates):
            return False
        if plan.recall is not None and not plan.recall.shown:
            return False
        for move in plan.moves:
            if move.account not in self._accounts:
                return False
        for step in plan.steps:
            if not (step.shown or step.statement.answers or id(step) in self._asked):
                return False
        marks = _marks(plan)
        if not self._met.isdisjoint(marks):
            return False
        self._met.update(marks)
        return True

    def _know(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            if plan.gate is not None:
                self._gates.add(plan.gate.name)
            self._accounts.update(move.account for move in plan.moves)
            self._asked.update(id(step) for step in plan.steps if step.statement.reads)
            self._met.update(_marks(plan))
        self._first = None


def _marks(plan: Plan) -> list[object]:
    """What no two plans of a group in hope have in common."""
    marks: list[object] = [lane for lane in (plan.lane, plan.beside) if lane]
    if (recall := plan.recall) is not None:
        marks.append((recall.statement.name, *recall.values.values()))
    return marks
