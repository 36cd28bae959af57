"""The queue of SQLite writers: who came first writes first, and everybody gives back what he took."""

import threading
import time

import pytest
from django.db import connection, transaction

from festoon.ledger import accounts
from festoon.ledger.queries import standing
from festoon.ledger.store import turn, writer
from festoon.ledger.store.plan import Move, Plan
from festoon.records.viewer import SYSTEM
from tests.ledger.test_store import NOW, SHORT, outcome, stock
from tests.racing import race


def test_the_turn_goes_from_hand_to_hand_in_the_order_of_asking() -> None:
    mine, order = turn.Turn(), []
    mine.take()

    def wait(number: int) -> None:
        mine.take()
        order.append(number)
        mine.give()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(mine._waiting) <= number:
            time.sleep(0.001)
    mine.give()
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    mine.take()


def test_who_waits_too_long_is_told_and_does_not_keep_the_others_waiting() -> None:
    mine = turn.Turn()
    mine.take()
    with pytest.raises(turn.TurnTimeout):
        mine.take(patience=0.01)
    mine.give()
    mine.take(patience=0.01)


@pytest.mark.django_db
def test_an_error_in_a_transaction_gives_the_turn_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    stock("stock:a", 1)
    assert accounts.balance("stock:a") == 1


@pytest.mark.django_db
@pytest.mark.skipif("sqlite" not in connection.vendor, reason="PostgreSQL has queues of its own")
def test_a_connection_closed_in_a_transaction_gives_the_turn_back() -> None:
    def vanish(_: int) -> None:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        connection.close()

    assert race(1, vanish) == [None]
    stock("stock:a", 1)


@pytest.mark.django_db
def test_people_and_machines_write_side_by_side_and_nobody_is_locked_out() -> None:
    stock("stock:hot", 10_000)

    def person(number: int) -> int:
        for n in range(10):
            with transaction.atomic():
                accounts.open_account(f"stock:{number}-{n}", merchant_id=1, kind="stock", unit="piece")
        return 10

    def machine(number: int) -> int:
        plans = [
            Plan("test.take", "system", 1, NOW, f"{number}-{n}", (), moves=[Move("stock:hot", "spend", 1, SHORT)])
            for n in range(50)
        ]
        return len([outcome(future) for future in [writer.submit(plan) for plan in plans]])

    done = race(8, lambda number: person(number) if number % 2 else machine(number))
    assert done == [50, 10] * 4
    assert standing(SYSTEM, ["stock:hot"])["stock:hot"].spent == 200
