"""The memory of a process that serves: what stays is set apart once, old books go, and nothing is done twice."""

from __future__ import annotations

import gc
import weakref

import pytest

from festoon.api import memory
from festoon.api.memory import Memory


class Ring:
    """Holds itself, so that only a look through everything finds that nobody else does."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def as_before():
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.fixture
def counted(monkeypatch):
    """A clock that the test moves; looking through everything takes a second of it."""
    state = {"now": 0.0, "times": 0}

    def look() -> None:
        state["times"] += 1
        state["now"] += 1.0

    monkeypatch.setattr(memory, "set_apart", look)
    return state


def test_what_stays_is_set_apart_and_an_old_book_goes(as_before):
    book = Ring()
    kept = weakref.ref(book)
    assert Memory().holds(("CNY", 1, 1))
    assert gc.get_freeze_count() > 1000 and gc.get_threshold()[0] == memory.YOUNG
    del book
    gc.collect()
    assert kept() is not None, "nobody looks at what was set apart"
    assert Memory().holds(("CNY", 1, 2))
    assert kept() is None


def test_the_same_numbers_are_set_apart_once(counted):
    process = Memory(lambda: counted["now"])
    assert process.holds(("CNY", 1, 1))
    counted["now"] += 1000
    assert not process.holds(("CNY", 1, 1))
    assert counted["times"] == 1


@pytest.mark.parametrize("numbers", [("CNY", 2, 1), ("CNY", 1, 2), ("EUR", 1, 1)])
def test_what_comes_while_it_rests_is_set_apart_afterwards(counted, numbers):
    process = Memory(lambda: counted["now"])
    process.holds(("CNY", 1, 1))
    counted["now"] += memory.REST - 0.1
    assert not process.holds(numbers)
    counted["now"] += 0.2
    assert process.holds(numbers)
    assert counted["times"] == 2
