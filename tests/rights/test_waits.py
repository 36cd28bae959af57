"""A failure is answered after a whole number of steps, so that its time tells nothing; other tests do not wait for it."""

import time
from datetime import UTC, datetime

import pytest

from festoon.catalog import sign_in
from festoon.coupons import guessing
from festoon.records.refusal import Refusal
from tests import quick

NOW = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
STEP = 150


def wrong_password():
    sign_in.by_password("nobody", "made up", near="10.0.0.1", now=NOW)


def wrong_code():
    guessing.guarded([("shopper", "mei")], NOW, lambda: None)


def test_the_product_ships_with_its_steps():
    assert quick.SHIPPED == {"password": 500, "code": 100}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("room", "fail"), [(sign_in, wrong_password), (guessing, wrong_code)], ids=["password", "code"]
)
def test_a_failure_is_answered_no_sooner_than_its_step(room, fail, monkeypatch):
    monkeypatch.setattr(room, "STEP", STEP)
    began = time.monotonic()
    with pytest.raises(Refusal):
        fail()
    assert time.monotonic() - began >= STEP / 1000
