"""Many at the same time: threads that meet at a barrier, each with its own connection, closed at the end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import connection

from festoon.ledger.store import writer

T = TypeVar("T")


def race(count: int, act: Callable[[int], T]) -> list[T | BaseException]:
    """What each of `count` threads got from `act(number)`, or what it raised, in the order of their numbers."""
    answers: list[T | BaseException] = [RuntimeError("never ran")] * count
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            answers[number] = act(number)
        except BaseException as error:  # noqa: BLE001 the judge is the test
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def until_it_waits(thread: threading.Thread) -> None:
    """Return when the thread waits for a lock of PostgreSQL, or has ended."""
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        thread.join(0.01)


@contextmanager
def in_one_group(count: int) -> Iterator[None]:
    """The next `count` plans are written in one group: all are made before the first of them is looked at."""
    writer.close()  # one that waits already would take the first
    real, groups = writer.Writer._take, iter([count])

    def take(self: writer.Writer, most: int, *, wait: bool = False) -> list[Any]:
        taken = real(self, most, wait=wait)
        wanted = next(groups, 0) if wait else 0
        while len(taken) < wanted:
            taken += real(self, most, wait=True)
        return taken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer.Writer, "_take", take)
        yield
