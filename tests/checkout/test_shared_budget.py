"""Offers that share what is left: together they get it and no more, in the quote as in the hold."""

import pytest

from festoon.checkout.actions import hold, quote
from festoon.ledger import accounts
from tests.checkout import world
from tests.checkout.test_hold import standing
from tests.checkout.world import NOW, SHOP, cart

pytestmark = pytest.mark.django_db
PLATFORM, GIFTS = "budget:double-12:discount:platform", "budget:double-12:gifts:platform"


def test_many_offers_share_the_rest_of_a_budget() -> None:
    for n in range(16):
        world.offer(f"a-{n:02}", type="amount", **{"with": {"off": 100}})
    world.budget("platform", 250)
    told = quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW)
    assert told.payable == 9650
    assert hold(told.token, by=SHOP, now=NOW, key="h").payable == 9650
    assert standing(PLATFORM) == (250, 250, 0)


def test_gifts_of_several_offers_share_the_rest_of_a_budget() -> None:
    for code in ("cup", "mug"):
        world.offer(code, type="gift", **{"with": {"sku": code, "every": 9900, "value": 1000}})
    account = accounts.open_account(GIFTS, merchant_id=1, kind="budget:gifts", unit="CNY")
    accounts.fund(account, 3500, at=NOW)
    told = quote(cart(("t-01", 2, 9900)), by=SHOP, now=NOW)
    assert {gift["sku"]: gift["quantity"] for gift in told.price["gifts"]} == {"cup": 2, "mug": 1}
    assert hold(told.token, by=SHOP, now=NOW, key="h").payable == 19800
    assert standing(GIFTS) == (3500, 3000, 0)
