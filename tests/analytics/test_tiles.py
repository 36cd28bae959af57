"""Every live tile of the dashboard, which reads counters and rows, computed once more from the lake."""

from datetime import timedelta

import pytest

from festoon.analytics.lake.export import export
from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.read import Lake
from festoon.analytics.metric import metric, shelf
from festoon.campaigns import queries as campaigns
from festoon.checkout import actions as checkout
from festoon.composition import results
from festoon.console import dashboard, live
from festoon.demo.cast.world import ZONE
from festoon.distribution.claims import claim
from festoon.distribution.shop_events import take_events
from festoon.records.viewer import SYSTEM
from tests.flows.counter import priced


@pytest.fixture
def busy(cast):
    """Somebody looks, three claim, two buy, one of them brings something back, one reserves and goes away."""
    live.forget()
    app, now = cast.machine("demo-app"), cast.now
    looks = [
        {"id": f"look-{n}", "kind": "campaign.opened", "campaign": "double-12", "shopper": "mei"} for n in range(7)
    ]
    take_events(looks, by=app, now=now, key="looks")
    coupon = claim("d12-shop-30", "mei", by=app, now=now, key="c1").coupon
    claim("d12-shop-30", "tao", by=app, now=now, key="c2")
    claim("d12-red-envelope", "rui", by=app, now=now, key="c3")
    bought = []
    for n, (goods, buyer, chosen) in enumerate(
        [((("t-01", 2), ("s-05", 1)), "mei", (coupon,)), ((("t-01", 1),), "tao", ()), ((("s-05", 1),), "rui", ())]
    ):
        held = checkout.hold(priced(cast, *goods, buyer=buyer, chosen=chosen).token, by=app, now=now, key=f"h{n}")
        if buyer != "rui":
            bought.append(checkout.redeem(held.hold, order=f"A-{n}", by=app, now=now, key=f"r{n}"))
        else:
            checkout.cancel(held.hold, by=app, now=now)
    return cast, bought


@pytest.fixture
def counted(busy, tmp_path):
    """The lake after a refund, beside what the live queries read."""
    cast, bought = busy
    discount = sum(line.given.gone for line in lines(cast) if line.kind == "discount")
    checkout.refund(bought[0].redemption, {"1": 1}, by=cast.machine("demo-app"), now=cast.now, key="back")
    while export(Folder(tmp_path)):
        pass
    lake = Lake(Folder(tmp_path), ZONE)
    yield cast, lake, discount
    lake.close()


def lines(cast):
    return dashboard.budget_lines(SYSTEM, list(campaigns.visible(SYSTEM).filter(code="double-12")))


def test_the_lake_says_what_the_tiles_say(counted):
    cast, lake, discount = counted
    since = cast.now - timedelta(days=30)
    sold = results.sales(SYSTEM, since=since, currency="CNY")
    assert sold.gmv > 0 and sold.orders == 2
    assert metric("sold").total(lake) == sold.gmv
    assert metric("sold").measure(lake, ["channel"]) == sold.by_channel
    assert metric("steps", step="order.redeemed").total(lake) == sold.orders
    taken, used = live.claimed(SYSTEM, since=since, currency="CNY")
    assert (taken, used) == (3, 1)
    assert metric("claims").total(lake) + metric("issued").total(lake) == taken
    assert metric("uses").total(lake) == used
    assert metric("steps", step="hold.made").total(lake) == live.reserved(SYSTEM, since=since, currency="CNY") == 3
    themes = list(campaigns.visible(SYSTEM))
    assert metric("steps", step="campaign.opened").total(lake) == live.opened(themes) == 7
    assert metric("discounts").total(lake) == discount > 0


def test_every_file_of_the_shelf_measures_something(counted):
    """A metric with its form's defaults answers a whole number, also where nothing happened."""
    _, lake, _ = counted
    for code in shelf:
        needed = {"discount_by_payer": {"part": "maker"}, "steps": {"step": "hold.made"}}.get(code, {})
        assert type(metric(code, **needed).total(lake)) is int, code
