"""The writer outlives what goes wrong: lost races, a lost connection, an answer that never came, a caller that left."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from django.db import connection
from msgspec.structs import replace

from festoon.base.words import same
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.ledger.queries import standing
from festoon.ledger.store import group, writer
from festoon.ledger.store.connection import Busy, Connection, Lost
from festoon.ledger.store.joining import More
from festoon.ledger.store.plan import Outcome, Plan
from festoon.ledger.store.records import Chain
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.ledger.test_store import outcome, stock, taking

pytestmark = pytest.mark.django_db
Commit = Callable[[Connection, Sequence[Plan], Sequence[Mapping[str, Any]], Chain, More], list[Outcome]]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException, int, bool], None]:
    """Let the next groups fail `times` times with `error`, before or after they were really committed."""

    def arm(error: BaseException, times: int, after: bool) -> None:
        real: Commit = group.commit
        left = [times]

        def commit(
            opened: Connection, plans: Sequence[Plan], notes: Sequence[Mapping[str, Any]], chain: Chain, more: More
        ) -> list[Outcome]:
            if left[0] == 0:
                return real(opened, plans, notes, chain, more)
            left[0] -= 1
            if after:
                real(opened, plans, notes, chain, more)
            raise error

        monkeypatch.setattr(group, "commit", commit)

    return arm


def test_a_group_that_lost_a_race_of_locks_is_done_one_by_one(failing: Callable[..., None]) -> None:
    stock("stock:a", 2)
    failing(Busy(), 1, False)
    futures = [writer.submit(taking("stock:a", str(n))) for n in range(3)]
    assert sorted(outcome(future) for future in futures) == ["0", "1", "short"]
    assert standing(SYSTEM, ["stock:a"])["stock:a"].spent == 2


def test_what_cannot_be_written_is_refused_as_unavailable_and_the_next_is_done(failing: Callable[..., None]) -> None:
    stock("stock:a", 2)
    failing(Busy(), 1 + writer.ATTEMPTS, False)
    error = writer.submit(taking("stock:a", "1")).exception(timeout=60)
    assert isinstance(error, Refusal)
    assert (error.code, error.status) == ("unavailable", 503)
    assert outcome(writer.submit(taking("stock:a", "2"))) == "2"


def test_an_answer_lost_after_the_commit_is_found_again_by_its_key(failing: Callable[..., None]) -> None:
    world.begin()
    world.coupon("c", stock=5, type="amount", **{"with": {"off": 500}})
    failing(Lost(), 1, True)
    claimed = claim("c", "mei", by=world.SHOP, now=world.NOW, key="k")
    assert claim("c", "mei", by=world.SHOP, now=world.NOW, key="k") == claimed
    assert accounts.balance("stock:c") == 4


def test_a_caller_that_leaves_stops_nothing() -> None:
    stock("stock:a", 2)
    future = writer.submit(taking("stock:a", "1"))
    assert future.cancel() is False
    assert outcome(writer.submit(taking("stock:a", "2"))) == "2"
    assert accounts.balance("stock:a") == 0


@pytest.mark.skipif("postgresql" not in connection.vendor, reason="SQLite has no connection to cut")
def test_a_cut_connection_is_opened_again() -> None:
    stock("stock:a", 2)
    assert outcome(writer.submit(taking("stock:a", "1"))) == "1"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert outcome(writer.submit(taking("stock:a", "2"))) == "2"
    assert accounts.balance("stock:a") == 0


def test_the_store_ends_also_while_an_answer_leaves_a_note() -> None:
    """Fails, after half a minute, when `close` waits for the thread under the lock that a note needs."""
    stock("stock:a", 1)
    noted = []

    def leave_note(_: object) -> None:
        time.sleep(0.2)
        writer.note({"id": "late", "kind": "claim.refused", "at": world.NOW.isoformat()})
        noted.append(time.monotonic())

    future = writer.put(taking("stock:a", "1"))
    future.add_done_callback(leave_note)
    assert outcome(future) == "1"
    began = time.monotonic()
    writer.close()
    assert noted[0] - began < 5


def test_a_listener_that_fails_costs_nobody_else_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    """Fails, by waiting in vain, when the thread that answers everybody ends with one of them."""
    stock("stock:a", 2)

    def fail(_: object) -> None:
        raise RuntimeError("the loop that asked is closed")

    promise = writer.put(taking("stock:a", "1"))
    promise.add_done_callback(fail)
    assert promise.result(timeout=60) == "1"
    refused = writer.put(replace(taking("stock:a", "2"), otherwise=Refusal("no", same("no")), told=fail))
    assert isinstance(refused.exception(timeout=60), Refusal)
    assert writer.put(taking("stock:a", "3")).result(timeout=60) == "3"
    assert [record.name for record in caplog.records] == ["festoon.store", "festoon.store"]
