"""Who comes while the first of a group are written is of that group where it fits, and of the next where it does not."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from festoon.ledger import accounts
from festoon.ledger.models import Transfer
from festoon.ledger.store import group, writer
from festoon.ledger.store.connection import Busy, Clash, Connection
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.joining import Fits
from festoon.ledger.store.plan import Move, Plan, Step
from festoon.ledger.store.records import Chain
from festoon.ledger.store.statement import insertion
from festoon.records import audit, queries
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.ledger.test_group import FEW, MARK, TAKEN, adding, plan
from tests.ledger.test_hopes import LIKE
from tests.ledger.test_store import NOW, SHORT, outcome, stock

pytestmark = pytest.mark.django_db
MOVED = insertion("joining.moved", Transfer, "at", "kind", "debit", "credit", "amount", "rows")


@pytest.fixture
def opened() -> Iterator[Connection]:
    made = connect(connections.settings["default"])
    yield made
    made.close()


def like(
    code: str, what: str = "stock:a", *, of: str = "stock:a", lane: str = "", before: tuple[Step, ...] = ()
) -> Plan:
    """Adds the account `code`, made like another, and takes a piece `of` a stock."""
    steps = (*before, Step(LIKE, {"code": code, "like": what}, TAKEN))
    return plan(code, *steps, moves=(Move(of, "spend", 1, SHORT),), lane=lane)


class Coming:
    """Those who come while the first are written; `late` are those who did not fit."""

    def __init__(self, *plans: Plan) -> None:
        self._plans = list(plans)
        self.late: list[str] = []

    def __call__(self, fits: Fits) -> list[Plan]:
        came, self._plans = self._plans, []
        joined = [each for each in came if fits(each)]
        self.late += [each.row for each in came if each not in joined]
        return joined


def done(opened: Connection, first: list[Plan], coming: Coming, chain: Chain | None = None) -> list[Any]:
    found = group.commit(opened, first, (), chain or Chain(), coming)
    return [each.error.code if isinstance(each.error, Refusal) else each.error or each.answer for each in found]


def test_who_comes_while_the_first_are_written_is_of_their_group(opened: Connection) -> None:
    stock("stock:a", 9)
    chain = Chain()
    assert done(opened, [like("x"), like("y")], Coming(like("z"), like("w")), chain) == ["x", "y", "z", "w"]
    assert accounts.balance("stock:a") == 5
    assert [accounts.balance(code) for code in "xyzw"] == [9] * 4
    [entry] = queries.chain(SYSTEM, chain.name)
    assert [row[1] for row in entry.rows["rows"]] == ["x", "y", "z", "w"]
    assert audit.walk(chain.name) == []


def test_who_could_wait_for_others_or_asks_anew_is_of_the_next(opened: Connection) -> None:
    """Another account would be locked out of its order; a lane would not see the one before; a question comes too late."""
    stock("stock:a", 9)
    stock("stock:0", 9)
    few = Step(FEW, {"account": "stock:a", "most": 9}, TAKEN)
    coming = Coming(
        like("another", of="stock:0"),
        like("lane", lane="one"),
        like("asks", before=(Step(FEW, {"account": "stock:a", "most": 1}, TAKEN),)),
        like("same", before=(few,)),
        like("fits", lane="two"),
        like("meets", lane="two"),
        plan("changes", Step(MARK, {"account": "stock:a"}, TAKEN)),
        plan("plain", adding("plain")),
    )
    assert done(opened, [like("x", lane="one", before=(few,))], coming) == ["x", "same", "fits"]
    assert coming.late == ["another", "lane", "asks", "meets", "changes", "plain"]
    assert accounts.balance("stock:a") == 6


@pytest.mark.parametrize(
    ("left", "came", "expected"),
    [(9, "nowhere", ["x", "taken", "z"]), (2, "stock:a", ["x", "y", "short"])],
    ids=["nothing to be like", "one piece too few"],
)
def test_one_that_joined_and_is_refused_disappoints_the_group(
    opened: Connection, left: int, came: str, expected: list[str]
) -> None:
    stock("stock:a", left)
    assert done(opened, [like("x")], Coming(like("y", came), like("z"))) == expected
    assert accounts.balance("stock:a") == left - 2
    assert not opened.hopes.now(), "it was tried in hope"


def test_rows_that_name_nothing_are_found_before_the_commit(opened: Connection) -> None:
    """On PostgreSQL at once, for then it looks while the rest is made; on SQLite by the commit."""
    stock("stock:a", 9)
    row = {"at": NOW, "kind": "spend", "debit": 10**9, "credit": 10**9, "amount": 1, "rows": "[]"}
    opened.begin(together=True)
    with pytest.raises(Clash):
        opened.ask(MOVED.now, [row])
        opened.look()
        if connection.vendor == "postgresql":
            asked = opened.ask(FEW.now, [{"account": "stock:a", "most": 1}])
            opened.push(answers=True)
            asked()
            raise AssertionError("it is not looked for")
        opened.commit()
    opened.rollback()


@pytest.mark.parametrize(
    ("fails", "lanes"),
    [(False, 40), (True, 40), (False, 30)],
    ids=["all goes well", "the third group loses a race", "some do not fit"],
)
def test_who_asks_anew_when_told_is_answered_once(monkeypatch: pytest.MonkeyPatch, fails: bool, lanes: int) -> None:
    """Fails when those are forgotten who were not told yet when the next group began, who came for it and did not fit,
    or who joined one that is lost.
    """
    stock("stock:a", 1000)
    real, sizes, told = group.commit, list[int](), list[str]()
    ended = threading.Event()

    def commit(*given: Any) -> Any:
        found = real(*given)
        sizes.append(len(found))
        return found

    def lost(opened: Connection, plans: Any, notes: Any, chain: Chain, more: Any) -> Any:
        if len(plans) > 1 and len(sizes) == 2:
            more(lambda _: True)
            sizes.append(0)
            raise Busy
        return commit(opened, plans, notes, chain, more)

    def ask(who: int, times: int) -> None:
        def again(promise: Any) -> None:
            told.append(outcome(promise))
            if times < 5:
                ask(who, times + 1)
            elif len(told) == 200:
                ended.set()

        writer.put(like(f"{who}-{times}", lane=str(who % lanes))).add_done_callback(again)

    monkeypatch.setattr(group, "commit", lost if fails else commit)
    telling, gate = threading.Event(), threading.Event()

    def keep_waiting(_: object) -> None:
        telling.set()
        gate.wait(30)

    writer.put(like("first")).add_done_callback(keep_waiting)
    assert telling.wait(30)
    for who in range(40):
        ask(who, 1)
    gate.set()
    assert ended.wait(60)
    assert sorted(told) == sorted(f"{who}-{times}" for who in range(40) for times in range(1, 6))
    assert accounts.balance("stock:a") == 1000 - 201
    assert fails or lanes < 40 or set(sizes[1:]) == {40}, "those who were told late are of the same group"
