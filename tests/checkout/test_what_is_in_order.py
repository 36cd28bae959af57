"""The audit calls nothing broken that is in order, however odd the day, and sees what is broken among much that is not."""

from typing import Any

import pytest
from django.db.models import F

from festoon.checkout.actions import cancel, hold, quote, record_outside_redemption
from festoon.checkout.invariants import every
from festoon.checkout.models import Hold
from festoon.distribution.claims import claim
from festoon.ledger.models import Account
from festoon.offers.actions import lift, stop
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, token
from tests.checkout.world import NOW, SHOP, cart, later

pytestmark = pytest.mark.django_db
FLASH = {"start": later(minutes=20).isoformat(), "end": later(minutes=25).isoformat()}


def broken() -> set[str]:
    return {each.code for each in every() if each.check(NOW).problems}


@pytest.mark.parametrize(("seconds", "problems"), [(45, set()), (75, {"stops"})])
def test_the_clock_that_lifted_a_stop_may_be_a_minute_ahead(seconds: int, problems: set[str]) -> None:
    world.coupon("c", stock=5, **OFF_5)
    stop("offer", "c", why="a test", by=SHOP, now=NOW)
    lift("offer", "c", by=SHOP, now=later(hours=1, seconds=seconds))
    claim("c", "mei", by=SHOP, now=later(hours=1), key="behind")
    assert broken() == problems


def test_a_coupon_that_came_back_from_two_orders_may_be_used_outside() -> None:
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    for key in ("one", "two"):
        cancel(hold(token("mei", (mine,)), by=SHOP, now=NOW, key=key).hold, by=SHOP, now=NOW)
    record_outside_redemption(mine, order="o", reason="value_unknown", verdict={}, at=NOW, by=SHOP, now=NOW)
    assert broken() == set()


@pytest.mark.parametrize(("offers", "distributions"), [({"window": FLASH}, {}), ({}, {"window": FLASH})])
@pytest.mark.parametrize(("moment", "asked", "held"), [(22, 22, 29), (21, 17, 18), (24, 28, 37)])
def test_a_window_may_be_shorter_than_its_quotes_last(
    offers: dict[str, Any], distributions: dict[str, Any], moment: int, asked: int, held: int
) -> None:
    """The moment is the shop's, within five minutes of ours; the hold comes when the window is over, or did not begin."""
    world.offer("flash", **{**OFF_5, **offers})
    world.distribution("way", offers=["flash"], **distributions)
    bought = cart(("t-01", 1, 9900), moment=later(minutes=moment))
    told = quote(bought, by=SHOP, now=later(minutes=asked))
    assert hold(told.token, by=SHOP, now=later(minutes=held), key="h").payable == 9400
    assert broken() == set()
    Hold.objects.update(created_at=later(minutes=held + 20))
    assert ("in_window" if offers else "used_by") in broken()


def test_what_is_no_longer_held_is_seen_among_thousands_of_accounts() -> None:
    world.offer("a", **OFF_5)
    world.budget("platform", 1000)
    hold(token(), by=SHOP, now=NOW, key="h")
    row = Hold.objects.get()
    uses = [f"uses:a:town-{n}" for n in range(600)]
    row.plan["amounts"] = [*([each, 1, each] for each in uses), *row.plan["amounts"]]
    row.save()
    Account.objects.bulk_create(
        [Account(code=each, merchant_id=1, kind="uses", unit="piece", limited=False, held=1) for each in uses]
    )
    assert "reserved" not in broken()
    Account.objects.filter(kind="budget").update(held=F("held") - 500)
    assert "reserved" in broken()
