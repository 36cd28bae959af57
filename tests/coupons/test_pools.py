"""Pools of codes: made here or brought along, each once, and guessing is slow."""

from datetime import timedelta

import pytest

from festoon.coupons import queries as coupons
from festoon.coupons.guessing import MOST, forget, guarded
from festoon.coupons.models import WrongTry
from festoon.coupons.pools import MakeCodes, make_codes, take_codes
from festoon.distribution.claims import claim
from festoon.records import jobs
from festoon.records.refusal import Invalid, KeyReused, NotFound, Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import NOW, SHOP
from tests.racing import race

pytestmark = pytest.mark.django_db
AMOUNT = {"type": "amount", "with": {"off": 500}}


def take(rows, *, key="k", batch="flyer", offer="c"):
    return take_codes(offer, rows, batch=batch, by=SHOP, now=NOW, key=key)


def test_what_is_brought_is_taken_row_by_row_and_what_is_wrong_is_listed():
    world.coupon("c", stock=100, **AMOUNT)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="a").code
    answer = take(["AAAA-1111", "aaaa 1111", "B!", "", "x" * 33, mine, "BBBB2222", 7])
    assert answer.taken == 2
    assert [(row.index, row.code) for row in answer.refused] == [
        (1, "twice"), (2, "not_text"), (3, "not_text"), (4, "not_text"), (5, "there"), (7, "not_text"),
    ]  # fmt: skip
    assert set(coupons.pool(SYSTEM).values_list("code", flat=True)) == {"AAAA1111", "BBBB2222"}


def test_the_mark_a_spreadsheet_puts_before_a_list_is_no_part_of_the_first_code():
    world.coupon("c", stock=100, **AMOUNT)
    assert take(["\ufeffAAAA1111", "BBBB2222"]).refused == []
    assert set(coupons.pool(SYSTEM).values_list("code", flat=True)) == {"AAAA1111", "BBBB2222"}


def test_the_same_file_twice_changes_nothing():
    world.coupon("c", stock=100, **AMOUNT)
    first = take(["AAAA1111", "BBBB2222"])
    assert take(["AAAA1111", "BBBB2222"]) == first
    with pytest.raises(KeyReused):
        take(["CCCC3333"])
    again = take(["AAAA1111", "CCCC3333"], key="other")
    assert (again.taken, [row.code for row in again.refused]) == (1, ["there"])
    assert coupons.pool(SYSTEM).count() == 3


def test_two_imports_of_the_same_codes_at_once_take_each_once():
    world.coupon("c", stock=100, **AMOUNT)
    rows = [f"CODE{n:04}" for n in range(200)]
    answers = race(4, lambda number: take(rows, key=f"k{number}"))
    assert sorted(answer.taken for answer in answers) == [0, 0, 0, 200]
    assert coupons.pool(SYSTEM).count() == 200


def test_new_codes_are_made_by_a_job_exactly_as_many_as_were_ordered():
    world.coupon("c", stock=100, **AMOUNT)
    job = make_codes("c", 1234, batch="flyer", by=SHOP, now=NOW, key="k")
    assert make_codes("c", 1234, batch="flyer", by=SHOP, now=NOW, key="k").pk == job.pk

    class Falls(MakeCodes):
        fell = False

        def chunk(self, job, now):
            step = super().chunk(job, now)
            if not self.fell and job.cursor:
                self.fell = True
                raise OSError("the disk is gone")
            return step

    handler = Falls()
    for minute in range(3):
        while jobs.run_next({"codes": handler}, worker="w", now=NOW + timedelta(minutes=minute)):
            pass
    job.refresh_from_db()
    assert (handler.fell or job.done == 1234, job.state, coupons.pool(SYSTEM).count()) == (True, "finished", 1234)


def test_wrong_calls_write_nothing():
    for given, error in (
        ({"offer": "nothing"}, NotFound), ({"batch": ""}, Invalid), ({"rows": []}, Invalid), ({"batch": "a\nb"}, Invalid),
    ):  # fmt: skip
        with pytest.raises(error):
            take(given.pop("rows", ["AAAA1111"]), **given)
    with pytest.raises(Invalid):
        make_codes("c", 0, batch="x", by=SHOP, now=NOW, key="k")
    assert coupons.pool(SYSTEM).count() == 0


def tried(shopper, *, now=NOW, found=None, address="10.0.0.1"):
    try:
        guarded([("shopper", shopper), ("address", address), ("key", "app")], now, lambda: found)
    except Refusal as refusal:
        return refusal.code
    return "found"


def test_after_ten_wrong_codes_in_five_minutes_even_the_right_one_is_not_looked_at():
    assert [tried("mei") for _ in range(10)] == ["no_such_code"] * 10
    assert tried("mei", found="x") == "too_many_tries"
    assert tried("tao", found="x") == "too_many_tries", "the same address"
    assert tried("tao", found="x", address="10.0.0.2") == "found"
    assert tried("mei", found="x", now=NOW + timedelta(minutes=5, seconds=1)) == "found"


def test_right_codes_count_for_nothing():
    assert {tried("mei", found="x") for _ in range(30)} == {"found"}
    assert coupons.wrong_tries(SYSTEM).count() == 0


def test_tries_at_the_same_moment_count_too():
    answers = race(24, lambda _: tried("mei"))
    assert answers.count("no_such_code") == MOST["shopper"]
    assert answers.count("too_many_tries") == 14


def test_a_door_that_is_closed_writes_nothing_and_forgets_in_time():
    [tried("mei") for _ in range(12)]
    before = WrongTry.objects.count()
    [tried("mei") for _ in range(50)]
    assert WrongTry.objects.count() == before
    assert forget(NOW + timedelta(minutes=11)) == before
