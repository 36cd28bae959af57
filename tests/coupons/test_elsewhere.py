"""A merchant that brings codes learns little of those at other merchants, and the platform hears of it."""

from datetime import datetime, timedelta

import pytest

from festoon.coupons import elsewhere
from festoon.coupons import queries as coupons
from festoon.coupons.elsewhere import MOST, WINDOW
from festoon.coupons.guessing import forget
from festoon.coupons.pools import take_codes
from festoon.distribution.claims import claim
from festoon.records import queries as records
from festoon.records.batch import Batch
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, TILL

pytestmark = pytest.mark.django_db
AMOUNT = {"type": "amount", "with": {"off": 500}}
KITE = [f"KITE{n:04}" for n in range(40)]


@pytest.fixture(autouse=True)
def houses(small_world: None) -> None:
    """Willow has a coupon, Kite another with forty codes."""
    world.coupon("w", stock=100, owner="willow", **AMOUNT)
    world.coupon("k", stock=100, owner="kite", **AMOUNT)
    take(KITE, offer="k", by=SHOP)


def take(rows: list[str], *, offer: str = "w", by: Viewer = TILL, now: datetime = NOW, key: str = "") -> Batch:
    return take_codes(offer, rows, batch="flyer", by=by, now=now, key=key or "-".join(rows)[:200] + offer)


def refused(rows: list[str], **how: datetime) -> str:
    with pytest.raises(Refusal) as said:
        take(rows, **how)
    return said.value.code


def test_a_code_of_another_merchant_is_refused_in_one_word_whatever_became_of_it():
    claimed = str(claim("k", "mei", by=SHOP, now=NOW, key="a").code)
    own = str(claim("w", "mei", by=SHOP, now=NOW, key="b").code)
    answer = take(["WILLOW1", KITE[0], claimed, own])
    assert answer.taken == 1
    assert [(row.index, row.code) for row in answer.refused] == [(1, "taken"), (2, "taken"), (3, "there")]
    assert len({row.words for row in answer.refused[:2]}) == 1


def test_the_platform_is_told_plainly_as_often_as_it_asks():
    answer = take([*KITE, "WILLOW1"], by=SHOP)
    assert (answer.taken, {row.code for row in answer.refused}) == (1, {"there"})


def test_an_import_that_asks_for_too_many_of_others_names_none_and_takes_none():
    assert refused(["WILLOW1", *KITE[: MOST + 1]]) == "too_many_taken"
    assert not coupons.pool(SYSTEM).filter(code="WILLOW1").exists()
    told = records.visible(SYSTEM).filter(verb="coupons.take_codes", why="too_many_taken").get()
    assert (told.by, told.subject) == (TILL.name, "w")


def test_after_that_nothing_is_taken_that_day_so_nothing_can_be_told_by_halves():
    assert refused(KITE) == "too_many_taken"
    assert refused(["WILLOW1"]) == "too_many_taken", "also where no code is another's"
    assert take(["WILLOW1"], by=SHOP).taken == 1, "the platform may bring them"
    assert take(["WILLOW2"], now=NOW + WINDOW + timedelta(seconds=1)).taken == 1


def test_without_the_count_all_codes_of_another_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same import; with the count it names none."""
    assert refused(KITE) == "too_many_taken"
    monkeypatch.setattr(elsewhere, "MOST", 999)
    assert [row.code for row in take(KITE).refused] == ["taken"] * len(KITE)


def test_small_imports_are_counted_together():
    assert [len(take(KITE[n : n + 4]).refused) for n in (0, 4)] == [4, 4]
    assert refused(KITE[8:12]) == "too_many_taken"


def test_what_was_asked_is_remembered_while_it_counts():
    refused(KITE)
    assert forget(NOW + timedelta(hours=12)) == 0
    assert refused(["WILLOW1"], now=NOW + timedelta(hours=12)) == "too_many_taken"
    assert forget(NOW + timedelta(days=3)) == MOST


def test_the_same_key_is_answered_the_same_and_counted_once():
    first = take(KITE[:8], key="k")
    assert take(KITE[:8], key="k") == first
    assert take(KITE[8:10], key="l").refused[0].code == "taken"
