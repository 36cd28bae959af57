"""Many plans, one statement a step: each is answered by itself, and a neighbour's failure is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from festoon.ledger import accounts
from festoon.ledger.models import Account
from festoon.ledger.store import group
from festoon.ledger.store.connection import Connection
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.plan import Move, Outcome, Plan, Step
from festoon.ledger.store.records import Chain
from festoon.ledger.store.statement import insertion, statement
from festoon.records import audit
from festoon.records.refusal import Conflict
from tests.ledger.test_store import NOW, SHORT, stock, taking

pytestmark = pytest.mark.django_db
TAKEN = Conflict("taken", SHORT.words)
TOO_MANY = Conflict("too_many", SHORT.words)
ADD = insertion("group.add", Account, "code", "merchant_id", "kind", "unit", "limited", "granted", "held", "spent")
MARK = statement(
    "group.mark",
    "UPDATE {a} SET {a.kind} = 'marked' FROM {given} WHERE {a}.{a.code} = :account AND {a}.{a.kind} = 'stock'",
    takes="account text",
    a=Account,
)
FEW = statement(
    "group.few",
    "SELECT {n} FROM {a}, {given} WHERE {a}.{a.code} = :account AND {a}.{a.spent} < :most",
    takes="account text, most bigint",
    a=Account,
)


@pytest.fixture
def opened() -> Iterator[Connection]:
    """A connection of the store's, without its thread."""
    made = connect(connections.settings["default"])
    yield made
    made.close()


def done(opened: Connection, *plans: Plan) -> list[Any]:
    """What each came to in one group: its answer, or the code of its refusal."""
    return [_said(outcome) for outcome in group.commit(opened, plans, (), Chain())]


def _said(outcome: Outcome) -> Any:
    return outcome.error.code if isinstance(outcome.error, Conflict) else outcome.error or outcome.answer


def plan(row: str, *steps: Step, moves: tuple[Move, ...] = (), lane: str = "") -> Plan:
    return Plan("test.group", "system", 1, NOW, row, steps, answer=row, moves=moves, lane=lane)


def adding(code: str) -> Step:
    row = {"code": code, "merchant_id": 1, "kind": "stock", "unit": "piece", "limited": True}
    return Step(ADD, {**row, "granted": 0, "held": 0, "spent": 0}, TAKEN)


@contextmanager
def counted(opened: Connection) -> Iterator[list[str]]:
    """The names of the statements that are asked meanwhile."""
    names: list[str] = []
    ask = opened.ask

    def counting(statement: Any, values: Any) -> Any:
        names.append(statement.name)
        return ask(statement, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "ask", counting)
        yield names


def test_forty_cost_as_many_statements_as_two(opened: Connection) -> None:
    stock("stock:a", 100)
    with counted(opened) as few:
        assert done(opened, *(taking("stock:a", f"x{n}") for n in range(2))) == ["x0", "x1"]
    with counted(opened) as many:
        assert len(done(opened, *(taking("stock:a", f"y{n}") for n in range(40)))) == 40
    assert many == few
    assert accounts.balance("stock:a") == 58


def test_what_is_short_goes_to_who_came_first_to_the_last_piece(opened: Connection) -> None:
    stock("stock:a", 5)
    plans = [taking("stock:a", "a", 3), taking("stock:a", "b", 3), taking("stock:a", "c", 2), taking("stock:a", "d")]
    assert done(opened, *plans) == ["a", "short", "c", "short"]
    assert accounts.balance("stock:a") == 0


def test_what_a_refused_neighbour_leaves_is_not_lost(opened: Connection) -> None:
    stock("stock:a", 1)
    refused = plan("a", Step(MARK, {"account": "nowhere"}, TAKEN), moves=(Move("stock:a", "spend", 1, SHORT),))
    assert done(opened, refused, taking("stock:a", "b")) == ["taken", "b"]
    assert accounts.balance("stock:a") == 0


def test_a_clash_is_found_among_many_and_only_its_plan_goes_back(opened: Connection) -> None:
    stock("stock:a", 20)
    accounts.open_account("x5", merchant_id=1, kind="stock", unit="piece")
    plans = [plan(f"p{n}", adding(f"x{n}"), moves=(Move("stock:a", "spend", 1, SHORT),)) for n in range(9)]
    assert done(opened, *plans) == [f"p{n}" if n != 5 else "taken" for n in range(9)]
    assert accounts.balance("stock:a") == 12
    assert audit.walk_all() == []


def test_who_is_refused_half_way_takes_back_what_was_written(opened: Connection) -> None:
    stock("stock:a", 9)
    half = plan("b", Step(MARK, {"account": "stock:a"}), Step(MARK, {"account": "nowhere"}, TAKEN))
    assert done(opened, taking("stock:a", "a"), half, taking("stock:a", "c")) == ["a", "taken", "c"]
    assert Account.objects.get(code="stock:a").kind == "stock"
    assert accounts.balance("stock:a") == 7


@pytest.mark.parametrize(
    ("lane", "expected"), [("one", ["0", "1", "too_many", "too_many"]), ("", ["0", "1", "2", "3"])]
)
def test_plans_of_one_lane_see_what_those_before_them_did(opened: Connection, lane: str, expected: list[str]) -> None:
    stock("stock:a", 9)
    few = Step(FEW, {"account": "stock:a", "most": 2}, TOO_MANY)
    plans = [plan(str(n), few, moves=(Move("stock:a", "spend", 1, SHORT),), lane=lane) for n in range(4)]
    assert done(opened, *plans) == expected, "without a lane all look before any takes"
