"""What a process has in memory: at most two seconds old, and after ten without a sight of the number it sells nothing."""

import pytest
from django.db import OperationalError

from festoon.checkout.book import Books
from festoon.checkout.limits import QUOTE_LASTS
from festoon.offers import version
from festoon.offers.numbers import queries
from festoon.offers.version import Watch
from festoon.records.refusal import Refusal
from tests.checkout import world
from tests.checkout.test_hold import OFF_5
from tests.checkout.world import NOW


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[int | Exception]:
    """What the database answers, the next first; the last one again and again."""
    answers: list[int | Exception] = [1]

    def read(_: object) -> int:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(queries, "book_number", read)
    return answers


def test_the_number_is_read_again_after_two_seconds_and_not_before(numbers: list[int | Exception]) -> None:
    clock, numbers[:] = Clock(), [1, 2, 3]
    watch = Watch(clock)
    assert watch.number() == 1
    clock.seconds += 1.9
    assert watch.number() == 1
    clock.seconds += 0.1
    assert watch.number() == 2
    watch.forget()
    assert watch.number() == 3


def test_for_ten_seconds_the_last_number_serves_then_nothing_is_sold(numbers: list[int | Exception]) -> None:
    clock, numbers[:] = Clock(), [1, OperationalError("gone")]
    watch = Watch(clock)
    assert watch.number() == 1
    clock.seconds += 9
    assert watch.number() == 1
    clock.seconds += 1
    with pytest.raises(Refusal) as refused:
        watch.number()
    assert (refused.value.code, refused.value.status) == ("book_unreadable", 503)
    numbers[:] = [4]
    assert watch.number() == 4


def test_old_books_are_kept_as_long_as_their_quotes_may_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    books = Books(clock)
    versions = []
    for number, code in enumerate("abc"):
        world.offer(code, **OFF_5)
        versions.append(books.current(NOW, "CNY").book.version)
        clock.seconds += QUOTE_LASTS.total_seconds()
        assert books.kept(versions[max(0, number - 1)]) is not None
    clock.seconds += 2 * QUOTE_LASTS.total_seconds()
    world.offer("d", **OFF_5)
    books.current(NOW, "CNY")
    assert books.kept(versions[0]) is None
    assert books.kept(versions[2]) is not None, "it was the live one until now"
    assert version.FRESH < version.STALE
