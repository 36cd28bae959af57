"""Walls: nobody sees or does what is another's. Each guard is taken away, and the same question shows it."""

import base64
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from festoon.checkout import promised, queries, token
from festoon.checkout.actions import hold, quote, redeem, refund
from festoon.checkout.orders import record_orders
from festoon.coupons import queries as coupons
from festoon.distribution.claims import claim
from festoon.offers import queries as offers
from festoon.records import queries as records
from festoon.records.refusal import Forbidden, Invalid
from festoon.records.viewer import Viewer
from festoon.review import actions as reviews
from festoon.review import queries as reviewing
from festoon.review.actions import Submission
from tests.checkout import world
from tests.checkout.test_hold import OFF_5
from tests.checkout.unguarded import without_words
from tests.checkout.world import NOW, SHOP, TILL, cart

pytestmark = pytest.mark.django_db
KITE = Viewer("key:kite", 3, frozenset({"*"}), channel="app")


@pytest.fixture
def kites() -> None:
    """Kite Sports has one of everything; the till is Willow's."""
    world.offer("k", owner="kite", **OFF_5)
    world.coupon("c", stock=9, owner="kite", **OFF_5)
    claim("c", "mei", by=KITE, now=NOW, key="c")
    made = hold(quote(cart(("s-01", 2, 29900)), by=KITE, now=NOW).token, by=KITE, now=NOW, key="h")
    done = redeem(made.hold, by=KITE, now=NOW, key="r")
    refund(done.redemption, {"a": 1}, by=KITE, now=NOW, key="f")
    line = {"sku": "s-01", "quantity": 1, "unit_price": 29900}
    order = {"code": "o-1", "placed_at": NOW, "paid": 29900, "lines": [line], "channel": "app"}
    assert record_orders([order], by=KITE, now=NOW, key="o").refused == []
    reviews.open_all([Submission("promotion", "k", {"code": "k"}, 3)], by=KITE, now=NOW)


WALLS: list[Callable[..., Any]] = [
    offers.visible, offers.releases, offers.live, coupons.visible, coupons.templates, queries.visible,
    queries.redemptions, queries.refunds, queries.orders, reviewing.visible, records.visible, records.outbox,
]  # fmt: skip


HELD: dict[Callable[..., Any], Callable[..., Any]] = {offers.visible: offers._walled}
"""Where a wall stands that is not in the query itself."""


def names(wall: Callable[..., Any]) -> str:
    return f"{wall.__module__.removeprefix('festoon.')}.{wall.__name__}"


@pytest.mark.parametrize("wall", WALLS, ids=names)
def test_a_merchant_sees_nothing_of_another(
    wall: Callable[..., Any], kites: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = wall(KITE).count()
    assert seen > 0
    mine = wall(TILL).count()
    without_words(monkeypatch, HELD.get(wall, wall), "viewer.is_platform", "True")
    assert wall(TILL).count() - mine >= 1


def test_who_has_no_right_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = Viewer("key:asks", 1, frozenset({"quotes.write"}), channel="app")
    found = quote(cart(("t-01", 1, 9900)), by=asks, now=NOW)
    with pytest.raises(Forbidden):
        hold(found.token, by=asks, now=NOW, key="h")
    without_words(monkeypatch, Viewer.require, "not self.may(right)", "False")
    assert hold(found.token, by=asks, now=NOW, key="h").payable == 9900


def test_a_token_is_its_merchants_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = quote(cart(("s-01", 1, 29900)), by=KITE, now=NOW)
    with pytest.raises(Invalid, match="token_forged"):
        promised.read(found.token, by=TILL)
    without_words(monkeypatch, promised.read, ' or content["merchant"] != by.merchant_id', "")
    assert promised.read(found.token, by=TILL).summary["payable"] == 29900


def forged(real: str, **changed: Any) -> str:
    """The token with a changed content, by somebody who knows what is in it but not the key."""
    data = base64.urlsafe_b64decode(real + "=" * (-len(real) % 4))
    mark, sealed = data[:32], data[32:]
    plain = msgspec.json.encode(content := token.open_token(real))
    wanted = msgspec.json.encode({**content, **changed}).ljust(len(plain))
    assert len(wanted) == len(plain) == len(sealed)
    return base64.urlsafe_b64encode(mark + bytes(map(_xor, sealed, plain, wanted))).rstrip(b"=").decode()


def _xor(one: int, two: int, three: int) -> int:
    return one ^ two ^ three


def test_a_token_that_was_changed_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = forged(quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW).token, merchant=9)
    with pytest.raises(Invalid, match="token_forged"):
        token.open_token(changed)
    without_words(monkeypatch, token._opened, "_ours(plain, mark, made_with)", "True")
    assert token.open_token(changed)["merchant"] == 9
