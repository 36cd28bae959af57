"""The outbox: events leave in order, and none is overtaken."""

import threading

import pytest
from django.db import connection, transaction

from festoon.records import events
from tests.desk import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def publish(name):
    events.publish(at=NOW, kind="test", merchant_id=1, events=[{"id": name, "zh": "灯"}])


def read(position=0):
    return [event["id"] for _, inside in events.read_after(position, 100) for event in inside]


def test_what_was_published_is_read_once_in_order():
    with transaction.atomic():
        publish("a")
        publish("b")
    assert read() == ["a", "b"]
    last, inside = events.read_after(0, 100)[-1]
    assert (inside, events.read_after(last, 100)) == ([{"id": "b", "zh": "灯"}], [])


def test_what_was_rolled_back_was_never_published():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish("a")
        raise ZeroDivisionError
    assert read() == []


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time: numbers are in order")
def test_a_reader_waits_for_a_writer_that_has_a_lower_number():
    """Fails when `read_after` does not take the barrier: it would see b, move past a, and never come back for it."""
    published, seen = threading.Event(), []

    def slow():
        with transaction.atomic():
            publish("a")
            published.set()
            seen_early.wait(1)
        connection.close()

    def reader():
        seen.append(read())
        seen_early.set()
        connection.close()

    seen_early = threading.Event()
    writer = threading.Thread(target=slow)
    writer.start()
    published.wait()
    with transaction.atomic():
        publish("b")
    looking = threading.Thread(target=reader)
    looking.start()
    writer.join()
    looking.join()
    assert seen == [["a", "b"]]
