"""One group: every plan in a savepoint of one transaction, the refused ones undone, the rest committed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.ledger.store import movement
from festoon.ledger.store.connection import Clash, Connection
from festoon.ledger.store.crash import crash_point
from festoon.ledger.store.plan import Move, Plan, Step
from festoon.ledger.store.records import leave
from festoon.records.refusal import KeyReused


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan came to: its answer or the error; `written` when it changed something."""

    answer: Any = None
    error: BaseException | None = None
    written: bool = False


class _Undo(Exception):
    """The plan goes back to its savepoint; `clash` when a constraint said so."""

    def __init__(self, error: BaseException, *, clash: bool) -> None:
        super().__init__(error)
        self.error, self.clash = error, clash


def commit(
    connection: Connection, plans: Sequence[Plan], notes: Sequence[Mapping[str, Any]], chain: str
) -> list[Outcome]:
    """Do all `plans` in one transaction and answer each; raises Clash, Busy or Lost when nothing of it was done."""
    connection.begin()
    try:
        crash_point("group.begun")
        _lock(connection, plans)
        outcomes = [_attempt(connection, plan) for plan in plans]
        done = [plan for plan, outcome in zip(plans, outcomes, strict=True) if outcome.written]
        if done or notes:
            leave(connection, done, notes, chain)
        crash_point("group.before_commit")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    crash_point("group.after_commit")
    return outcomes


def _lock(connection: Connection, plans: Sequence[Plan]) -> None:
    """First what all share, then the accounts in the order of their codes: no two groups wait for each other."""
    for gate in {plan.gate.name: plan.gate for plan in plans if plan.gate}.values():
        connection.run(gate, {})
    if codes := sorted({move.account for plan in plans for move in plan.moves}):
        connection.run(movement.LOCK, {"codes": codes})


def _attempt(connection: Connection, plan: Plan) -> Outcome:
    connection.savepoint()
    try:
        if (found := _recall(connection, plan)) is None:
            _write(connection, plan)
    except _Undo as undo:
        connection.back()
        found = _recall(connection, plan) if undo.clash else None
        return found or Outcome(error=undo.error)
    connection.release()
    return found or Outcome(answer=plan.answer, written=True)


def _recall(connection: Connection, plan: Plan) -> Outcome | None:
    if plan.recall is None:
        return None
    _, rows = connection.run(plan.recall.statement, plan.recall.values)
    if not rows:
        return None
    if rows[0][0] != plan.recall.body:
        return Outcome(error=KeyReused())
    return Outcome(answer=plan.recall.answer(rows[0]))


def _write(connection: Connection, plan: Plan) -> None:
    for step in plan.steps:
        for values in [step.values] if isinstance(step.values, Mapping) else step.values:
            _run_step(connection, step, values)
    for move in sorted(plan.moves, key=lambda move: move.account):
        _run_move(connection, move)
    crash_point(f"{plan.verb}.after_write")


def _run_step(connection: Connection, step: Step, values: Mapping[str, Any]) -> None:
    try:
        count, _ = connection.run(step.statement, values)
    except Clash as clash:
        raise _Undo(step.refuse or clash, clash=True) from clash
    if step.rows is not None and count != step.rows:
        raise _Undo(step.refuse or _unexpected(step.statement.name, count), clash=False)


def _run_move(connection: Connection, move: Move) -> None:
    values = {"account": move.account, **movement.deltas(move.kind, move.amount)}
    try:
        count, _ = connection.run(movement.MOVE, values)
    except Clash as clash:
        raise _Undo(move.refuse or clash, clash=False) from clash
    if count != 1:
        raise _Undo(move.refuse or _unexpected(move.account, count), clash=False)


def _unexpected(name: str, count: int) -> BaseException:
    return AssertionError(f"{name} touched {count} rows")
