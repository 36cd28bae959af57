"""Sold out is said from memory only while the database said so a moment ago; it costs no write, and ends at once."""

from __future__ import annotations

import pytest

from festoon.distribution import claims
from festoon.distribution.claims import claim
from festoon.distribution.soldout import BELIEVED, SoldOut, sold_out
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.offers.version import Watch
from festoon.records import events
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.api.conftest import count_rows
from tests.checkout import world
from tests.checkout.world import NOW, SHOP

pytestmark = pytest.mark.django_db
AMOUNT = {"type": "amount", "with": {"off": 500}}


def reason(shopper: str, key: str) -> str:
    try:
        claim("c", shopper, by=SHOP, now=NOW, key=key)
    except Refusal as refusal:
        return refusal.code
    return "granted"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The steady clock of what is believed, moved by hand."""
    now = [0.0]
    mine = SoldOut(lambda: now[0])
    monkeypatch.setattr(claims, "sold_out", mine)
    return now


def more(pieces: int) -> None:
    """Somebody else puts stock in, and the book does not move."""
    account = ledger.account(SYSTEM, "stock:c")
    assert account is not None
    accounts.fund(account, pieces, at=NOW)


def test_a_rush_for_what_is_gone_writes_nothing(clock: list[float]) -> None:
    world.coupon("c", stock=1, **AMOUNT)
    assert [reason("mei", "a"), reason("tao", "b")] == ["granted", "sold_out"]
    before = count_rows()
    assert {reason(f"town-{n % 40:03}", f"k{n}") for n in range(100)} == {"sold_out"}
    assert count_rows() == before
    assert reason("mei", "a") == "granted", "who has one gets it again by its key"


def test_it_is_asked_again_after_a_second_and_then_given(clock: list[float]) -> None:
    world.coupon("c", stock=1, **AMOUNT)
    assert [reason("mei", "a"), reason("tao", "b")] == ["granted", "sold_out"]
    more(1)
    for part in (0.3, 0.6, 0.9):
        clock[0] = part * BELIEVED
        assert reason("tao", f"c{part}") == "sold_out", "for a second it is believed"
    clock[0] = BELIEVED
    assert reason("tao", "d") == "granted", "however many were told so meanwhile"


def test_a_book_that_moved_ends_it_at_once(clock: list[float]) -> None:
    world.coupon("c", stock=1, **AMOUNT)
    assert [reason("mei", "a"), reason("tao", "b")] == ["granted", "sold_out"]
    more(1)
    world.changed()
    assert reason("tao", "c") == "granted"


def test_nothing_is_believed_that_the_database_did_not_say() -> None:
    seconds = [0.0]
    mine = SoldOut(lambda: seconds[0], Watch())
    world.coupon("c", stock=5, **AMOUNT)
    assert not mine.holds("stock:c")
    mine.said("stock:c")
    assert mine.holds("stock:c")
    assert not mine.holds("stock:d")
    seconds[0] += BELIEVED
    assert not mine.holds("stock:c")


def test_a_storm_of_refusals_is_told_as_one_event_with_its_count() -> None:
    sold_out.forget()
    world.coupon("c", stock=1, **AMOUNT)
    assert reason("mei", "a") == "granted"
    assert {reason("tao", f"k{n}") for n in range(50)} == {"sold_out"}
    world.coupon("d", stock=1, **AMOUNT)
    claim("d", "mei", by=SHOP, now=NOW, key="d")
    told = [event for _, batch in events.read_after(0, 10) for event in batch]
    [refused] = [event for event in told if event["kind"] == "coupon.refused"]
    assert (refused["offer"], refused["reason"], refused["count"]) == ("c", "sold_out", 50)
