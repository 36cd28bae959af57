"""Rui shows a coupon at Willow's till by the West Lake; another shop's till, or the app, has no use for it."""

import pytest

from festoon.catalog import queries as catalog
from festoon.checkout import actions as checkout
from festoon.distribution.claims import claim
from festoon.records.refusal import Conflict, NotFound, Refusal
from tests.flows.counter import priced, verdicts

TEA = ("t-03", 3)


@pytest.fixture
def coupon(cast):
    """Claimed in the app, for use in the store."""
    return claim("d12-west-lake-20", "rui", by=cast.machine("demo-app"), now=cast.now, key="rui").coupon


def test_the_till_takes_the_coupon_once(cast, coupon):
    till, now = cast.machine("till-willow-west"), cast.now
    quote = priced(cast, TEA, at="till-willow-west", buyer="rui", chosen=(coupon,))
    other = priced(cast, TEA, at="till-willow-west", buyer="rui", chosen=(coupon,))

    held = checkout.hold(quote.token, by=till, now=now, key="till-1")
    paid = checkout.redeem(held.hold, order="T-1", by=till, now=now, key="till-2")
    assert paid.paid == 14_700 - 2_000

    with pytest.raises(Conflict):
        checkout.hold(other.token, by=till, now=now, key="till-3")
    with pytest.raises(Refusal):
        priced(cast, TEA, at="till-willow-west", buyer="rui", chosen=(coupon,))


def test_in_the_app_it_says_that_this_is_not_the_place(cast, coupon):
    quote = priced(cast, TEA, buyer="rui", chosen=(coupon,))
    assert quote.payable == 14_700
    assert verdicts(quote)["d12-west-lake-20"] == "channel"


def test_a_merchant_sees_its_own_and_not_its_neighbour(cast):
    ye = cast.person("ye")
    assert {row.sku[0] for row in catalog.visible(ye)} == {"t", "w"}
    with pytest.raises(NotFound):
        catalog.product(ye, "s-01")
