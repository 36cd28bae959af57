"""A group sent in hope leaves what one done with care leaves; where hope fails, it is done with care."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from festoon.ledger import accounts
from festoon.ledger.models import Account
from festoon.ledger.store import group, movement, sqlite
from festoon.ledger.store.connection import Busy, Clash, Connection
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.hopes import LONGEST, Hopes
from festoon.ledger.store.plan import Step
from festoon.ledger.store.records import Chain
from festoon.ledger.store.statement import statement
from festoon.records import audit, queries
from festoon.records.viewer import SYSTEM
from tests.ledger.test_group import MARK, TAKEN, counted, done, plan
from tests.ledger.test_store import NOW, stock, taking

LIKE = statement(
    "hopes.like",
    "INSERT INTO {a} ({a.code}, {a.merchant_id}, {a.kind}, {a.unit}, {a.limited}, {a.granted}, {a.held}, {a.spent})"
    " SELECT :code, 1, 'stock', 'piece', TRUE, mine.granted, 0, 0 FROM {given}, {a} AS mine WHERE mine.{a.code} = :like",
    takes="code text, like text",
    answers="code",
    a=Account,
)


def test_each_hope_that_fails_puts_the_next_off_twice_as_long() -> None:
    hopes, tried = Hopes(), []
    for number in range(300):
        if hopes.now():
            tried.append(number)
            hopes.failed()
    assert tried[:5] == [0, 2, 5, 10, 19]
    assert max(b - a for a, b in pairwise(tried)) == LONGEST + 1


@pytest.fixture
def opened() -> Iterator[Connection]:
    made = connect(connections.settings["default"])
    yield made
    made.close()


@pytest.mark.django_db
def test_hope_that_fails_costs_a_second_go_and_nothing_else(opened: Connection) -> None:
    stock("stock:a", 3)
    unknown = plan("b", Step(MARK, {"account": "nowhere"}, TAKEN))
    with counted(opened) as asked:
        assert done(opened, taking("stock:a", "a"), unknown, taking("stock:a", "c")) == ["a", "taken", "c"]
    assert asked.count("audit.add") == 2, "once in hope, once with care"
    assert not opened.hopes.now(), "the next group is done with care"
    assert done(opened, *(taking("stock:a", f"x{n}") for n in range(3))) == ["x0", "short", "short"]
    assert accounts.balance("stock:a") == 0
    assert audit.walk_all() == []


@pytest.mark.django_db
@pytest.mark.parametrize("second", ["stock:a", "nowhere"])
def test_with_a_row_too_few_there_is_no_commit(opened: Connection, second: str) -> None:
    stock("stock:a", 3)
    rows = [{"code": code, "like": like} for code, like in (("x", "stock:a"), ("y", second), ("z", "stock:a"))]
    fine = second == "stock:a"
    opened.begin(together=True)
    with nullcontext() if fine else pytest.raises(Clash):
        opened.add(LIKE.now, rows)
        opened.commit()
    if not fine:
        opened.rollback()
    assert [accounts.balance(code) for code in "xyz"] == [3 if fine else None] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("more", [False, True])
def test_after_an_answer_that_came_early_and_wrong_the_connection_is_as_new(opened: Connection, more: bool) -> None:
    stock("stock:a", 3)
    opened.begin(together=True)
    with pytest.raises(Clash):
        twice = opened.ask(LIKE.now, [{"code": "stock:a", "like": "stock:a"}])
        opened.push(answers=True)
        if more:
            opened.ask(LIKE.now, [{"code": "x", "like": "stock:a"}])
        twice()
    opened.rollback()
    opened.begin(together=True)
    found = opened.ask(movement.LOCK.now, [{"account": "stock:a"}])
    opened.push(answers=True)
    opened.add(LIKE.now, [{"code": "y", "like": "stock:a"}])
    assert found() == [(0, "stock:a", True, 3)]
    opened.commit()
    assert [accounts.balance(code) for code in "xy"] == [None, 3]


@pytest.mark.django_db
def test_one_row_too_few_disappoints_the_group(opened: Connection) -> None:
    stock("stock:a", 3)
    plans = [
        plan(code, Step(LIKE, {"code": code, "like": like}, TAKEN)) for code, like in (("x", "stock:a"), ("y", "no"))
    ]
    assert done(opened, *plans) == ["x", "taken"]
    assert not opened.hopes.now(), "it was tried in hope"


def test_moments_are_spelled_as_django_spells_them() -> None:
    for moment in (NOW, NOW.replace(microsecond=0), NOW.astimezone(ZoneInfo("Asia/Shanghai"))):
        assert sqlite._plain(moment) == str(moment.astimezone(UTC).replace(tzinfo=None))


@pytest.mark.django_db
def test_a_row_that_was_rolled_back_has_no_place_in_the_chain(
    opened: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock("stock:a", 3)
    chain = Chain()
    with monkeypatch.context() as patch, pytest.raises(Busy):
        patch.setattr(opened, "commit", _busy)
        group.commit(opened, [taking("stock:a", "a")], (), chain)
    for row in "bc":
        group.commit(opened, [taking("stock:a", row)], (), chain)
    assert [entry.number for entry in queries.chain(SYSTEM, chain.name)] == [1, 2]
    assert audit.walk(chain.name) == []


def _busy() -> None:
    raise Busy
