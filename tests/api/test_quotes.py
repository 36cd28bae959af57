"""What a shop may ask of a price over HTTP beside the price."""

from __future__ import annotations

import pytest

from tests.api.good import Good

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


def test_the_best_of_the_wallet(good):
    coupon = good.coupon
    plain = good.made("/v1/quotes", good.basket())
    best = good.made("/v1/quotes", good.basket(chosen="best"))
    assert [each["id"] for each in best["coupons"]] == [coupon]
    assert best["totals"]["payable"] < plain["totals"]["payable"]
    held = good.made("/v1/holds", {"token": best["token"]})
    assert (held["payable"], held["coupons"]) == (best["totals"]["payable"], [coupon])


def test_what_would_save_more(good):
    coupon = good.coupon
    plain = good.made("/v1/quotes", good.basket(better=True))
    best = good.made("/v1/quotes", good.basket(chosen=[coupon], better=True))
    gain = plain["totals"]["payable"] - best["totals"]["payable"]
    assert plain["better"] == {"gain": gain, "chosen": [coupon]}
    assert best["better"] is None


def test_how_it_will_be_paid(good):
    assert good.made("/v1/quotes", good.basket(payment="lantern-card"))["totals"]["payable"] > 0
