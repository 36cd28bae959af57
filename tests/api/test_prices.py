"""Price tags over HTTP: the same price as a quote of one unit, with words, for a page at once."""

from __future__ import annotations

import pytest

from tests.api.good import Good

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


def test_a_tag_is_what_a_quote_of_one_unit_says(good, rows):
    coupon = good.coupon
    before = rows()
    page = good.made("/v1/prices", {"skus": ["t-01", "s-03"], "buyer": "mei"})
    assert [tag["sku"] for tag in page["tags"]] == ["t-01", "s-03"]
    for tag in page["tags"]:
        line = {"id": "1", "sku": tag["sku"], "quantity": 1, "unit_price": tag["list"]}
        plain = good.made("/v1/quotes", {"lines": [line], "buyer": "mei"})
        chosen = good.made("/v1/quotes", {"lines": [line], "buyer": "mei", "chosen": tag["coupons"]})
        assert (tag["now"], tag["best"]) == (plain["totals"]["payable"], chosen["totals"]["payable"])
        assert set(tag["coupons"]) <= {coupon} and set(tag["label"]) == {"en", "zh"}
    assert rows() == before
    assert page["currency"] == "CNY" and page["book"]


def test_a_page_of_two_hundred(good):
    from festoon.catalog.goods import goods

    skus = sorted(goods(good.cast.now).prices)[:200]
    page = good.made("/v1/prices", {"skus": skus})
    assert [tag["sku"] for tag in page["tags"]] == skus
    assert all(0 <= tag["best"] <= tag["now"] <= tag["list"] for tag in page["tags"])
