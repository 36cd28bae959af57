"""What the dashboard folds and remembers: each window and each house has its own sum."""

from datetime import timedelta

import pytest

from festoon.campaigns import queries as campaigns
from festoon.checkout import actions as checkout
from festoon.console import live
from festoon.distribution.shop_events import take_events
from festoon.records.models import Outbox
from festoon.records.viewer import SYSTEM
from tests.flows.counter import priced

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(cast):
    """`sold("A-1", minutes)`: somebody buys a tea and a racket so many minutes after the beginning."""
    live.forget()
    app = cast.machine("demo-app")

    def buy(order, minutes=0):
        at = cast.now + timedelta(minutes=minutes)
        token = priced(cast, ("t-01", 1), ("s-05", 1), buyer="rui").token
        held = checkout.hold(token, by=app, now=at, key=f"h{order}")
        return checkout.redeem(held.hold, order=order, by=app, now=at, key=f"r{order}")

    yield buy
    live.forget()


def test_every_window_counts_its_own(cast, sold):
    sold("A-1")
    sold("A-2", 5)
    late, early = cast.now + timedelta(minutes=1), cast.now - timedelta(days=1)
    one = live.sold_goods(SYSTEM, since=late)["t-01"]
    assert one > 0
    assert live.sold_goods(SYSTEM, since=early)["t-01"] == 2 * one, "who asked first does not say what others get"
    assert live.sold_goods(SYSTEM, since=late)["t-01"] == one


def test_what_was_read_is_not_counted_again(cast, sold):
    early = cast.now - timedelta(days=1)
    sold("A-1")
    one = live.sold_goods(SYSTEM, since=early)["t-01"]
    assert live.sold_goods(SYSTEM, since=early)["t-01"] == one
    sold("A-2", 5)
    assert live.sold_goods(SYSTEM, since=early)["t-01"] == 2 * one


def test_every_house_counts_its_own(cast, sold):
    sold("A-1")
    early = cast.now - timedelta(days=1)
    assert live.sold_goods(cast.person("ye"), since=early) == {}, "the platform's machine sold it"
    assert set(live.sold_goods(SYSTEM, since=early)) == {"t-01", "s-05"}


def test_only_so_many_windows_are_remembered(cast, sold):
    for minutes in range(3 * live.WINDOWS):
        live.sold_goods(SYSTEM, since=cast.now - timedelta(minutes=minutes))
    assert len(live._folded.goods) == live.WINDOWS


def test_a_row_that_appears_late_is_counted(cast):
    """PostgreSQL numbers a row before its commit: a lower number may appear after a higher one was read."""
    live.forget()
    for n in range(2):
        looks = [{"id": f"look-{n}", "kind": "campaign.opened", "campaign": "double-12"}]
        take_events(looks, by=cast.machine("demo-app"), now=cast.now, key=f"looks-{n}")
    first = Outbox.objects.filter(kind="shop").order_by("id").first()
    Outbox.objects.filter(pk=first.pk).delete()
    themes = list(campaigns.visible(SYSTEM))
    assert live.opened(themes) == 1
    first.save(force_insert=True)
    assert live.opened(themes) == 2
    assert live.opened(themes) == 2
