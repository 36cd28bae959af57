"""The store: plans that wait together are one group, each whole or not at all, and the database decides."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from festoon.base.words import same
from festoon.ledger import accounts, queries
from festoon.ledger.models import Account
from festoon.ledger.store import group
from festoon.ledger.store import writer as store
from festoon.ledger.store.plan import Move, Outcome, Plan, Step
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.statement import insertion, statement
from festoon.records import audit, events
from festoon.records.queries import visible as audited
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM
from tests.racing import race

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 12, 12, 0, tzinfo=UTC)
SHORT = Conflict("short", same("short"))


def stock(code: str, amount: int) -> None:
    opened = accounts.open_account(code, merchant_id=1, kind="stock", unit="piece")
    accounts.fund(opened, amount, at=NOW, rows=["test"])


def taking(account: str, row: str, amount: int = 1) -> Plan:
    return Plan(
        verb="test.take", by="system", merchant_id=1, at=NOW, row=row, steps=(), answer=row,
        moves=[Move(account, "spend", amount, SHORT)], events=[{"id": row, "kind": "test.taken", "at": NOW.isoformat()}],
    )  # fmt: skip


def outcome(future: Promise[Any]) -> Any:
    error = future.exception(timeout=60)
    return error.code if isinstance(error, Conflict) else future.result()


def test_exactly_the_stock_is_given_to_threads_that_race() -> None:
    stock("stock:a", 50)
    raced = race(8, lambda name: [outcome(store.submit(taking("stock:a", f"{name}-{n}"))) for n in range(25)])
    answers = [answer for given in raced if isinstance(given, list) for answer in given]
    assert len(answers) == 200
    assert answers.count("short") == 150
    assert accounts.balance("stock:a") == 0
    assert queries.standing(SYSTEM, ["stock:a"])["stock:a"].spent == 50


def test_a_refused_plan_leaves_nothing_and_its_neighbours_stand() -> None:
    stock("stock:a", 10)
    stock("stock:b", 1)
    both = Plan(
        verb="test.both", by="system", merchant_id=1, at=NOW, row="both", steps=(),
        moves=[Move("stock:a", "spend", 2, SHORT), Move("stock:b", "spend", 2, SHORT)],
    )  # fmt: skip
    futures = [store.submit(plan) for plan in (taking("stock:a", "1"), both, taking("stock:a", "2"))]
    assert [outcome(future) for future in futures] == ["1", "short", "2"]
    assert accounts.balance("stock:a") == 8
    assert accounts.balance("stock:b") == 1


def test_a_group_leaves_one_transfer_an_account_and_its_audit_and_events() -> None:
    stock("stock:a", 10)
    futures = [store.submit(taking("stock:a", str(n))) for n in range(5)]
    assert [outcome(future) for future in futures] == ["0", "1", "2", "3", "4"]
    moved = queries.transfers(SYSTEM).filter(kind="spend")
    assert sum(transfer.amount for transfer in moved) == 5
    assert sorted(row for transfer in moved for row in transfer.rows) == ["0", "1", "2", "3", "4"]
    groups = audited(SYSTEM).filter(subject_kind="group")
    assert groups.count() == len(moved)
    assert sorted(row[1] for entry in groups for row in entry.rows["rows"]) == ["0", "1", "2", "3", "4"]
    assert audit.walk_all() == []
    told = [event["id"] for _, batch in events.read_after(0, 100) for event in batch]
    assert sorted(told) == ["0", "1", "2", "3", "4"]


def test_a_verb_inside_a_transaction_is_refused_before_it_can_wait_for_itself() -> None:
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        store.submit(taking("stock:a", "1"))


READ = statement(
    "test.read",
    "SELECT {n} FROM {a}, {given} WHERE {a}.{a.kind} = :kind AND {a}.{a.id} = :number",
    takes="kind text, number bigint",
    a=Account,
)
ADD = insertion("test.add", Account, "code", "merchant_id", "kind", "unit", "limited", "granted", "held", "spent")
ROW = {"code": "stock:x", "merchant_id": 1, "kind": "stock", "unit": "piece", "limited": True, "granted": 0, "held": 0,
       "spent": 0}  # fmt: skip


@pytest.mark.parametrize(
    "step",
    [
        Step(READ, {"kind": "stock", "number": 10**30}),
        Step(ADD, {**ROW, "code": "x" * 300, "granted": 2**63}),
        Step(READ, {"kind": object(), "number": 1}),
        Step(READ, {}),
    ],
    ids=["a number beyond the database", "a text too long", "a value no database knows", "a parameter left out"],
)
def test_what_the_database_cannot_take_of_one_plan_is_its_own(step: Step) -> None:
    stock("stock:a", 10)
    stock("stock:b", 1)
    bad = Plan(verb="test.bad", by="system", merchant_id=1, at=NOW, row="bad", steps=[step])
    gate = threading.Event()
    with paused(gate):
        futures = [store.submit(plan) for plan in (taking("stock:a", "1"), bad, taking("stock:a", "2"))]
    assert outcome(futures[0]) == "1"
    assert outcome(futures[2]) == "2"
    assert isinstance(futures[1].exception(timeout=60), Exception)
    assert accounts.balance("stock:a") == 8
    assert outcome(store.submit(taking("stock:a", "3"))) == "3"


@contextmanager
def paused(gate: threading.Event) -> Iterator[None]:
    """What is submitted within waits together: the writer is kept busy until the end of the block."""
    real = group.commit

    def waits(*given: Any) -> list[Outcome]:
        gate.wait(30)
        return real(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group, "commit", waits)
        first = store.submit(taking("stock:b", "0"))
        yield
        gate.set()
        first.result(timeout=60)


def test_a_fault_in_one_plan_is_its_own_and_the_writer_lives_on() -> None:
    stock("stock:a", 1)
    broken = Plan(
        verb="test.broken", by="system", merchant_id=1, at=NOW, row="x", steps=(), moves=[Move("nowhere", "spend", 1)]
    )
    assert isinstance(store.submit(broken).exception(timeout=60), AssertionError)
    assert outcome(store.submit(taking("stock:a", "1"))) == "1"
