"""At the till over HTTP: one call with one key."""

from __future__ import annotations

import pytest

from tests.api.good import Good

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(door, cast) -> Good:
    return Good(door, cast)


def test_a_coupon_is_verified_once(good):
    coupon, lines = good.claimed("mei", "d12-west-lake-20"), good.slip("x")["lines"]
    shown = good.made("/v1/quotes", {"lines": lines, "buyer": "mei", "chosen": [coupon]}, by="till-willow-west")
    slip = {"lines": lines, "chosen": [coupon], "order": "slip-1", "buyer": "mei"}
    slip["payable"] = shown["totals"]["payable"]
    done = good.made("/v1/verify", slip, key="slip-1")
    assert (done["order"], done["paid"], done["late"]) == ("slip-1", slip["payable"], False)
    assert good.made("/v1/verify", slip, key="slip-1") == done
    again = good.ask("/v1/verify", {**slip, "order": "slip-2"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "coupon_used")


def test_a_till_that_knows_only_the_sum(good):
    coupon = good.claimed("mei", "d12-west-lake-20")
    slip = {"sum_of_purchase": 38400, "chosen": [coupon], "order": "slip-1"}
    refused = good.ask("/v1/verify", slip, key="slip-1").json()["error"]
    assert (refused["code"], refused["detail"]["verdicts"][0]["reason"]) == ("not_served", "by_eye")
    slip["confirmed_by_eye"] = ["d12-west-lake-20"]
    done = good.made("/v1/verify", slip, key="slip-1")
    assert done["paid"] == 36400
    assert good.made("/v1/verify", slip, key="slip-1") == done


def test_a_key_without_the_right_verifies_nothing(good):
    answer = good.ask("/v1/verify", good.slip("slip-1"), by="demo-app")
    assert (answer.status_code, answer.json()["error"]["detail"]) == (403, {"right": "coupons.verify"})
