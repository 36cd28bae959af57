"""One coupon made void: it serves no order, nothing comes back, who and why is on record; a coupon in use is left."""

import pytest

from festoon.checkout.actions import cancel, hold, quote, redeem, refund
from festoon.checkout.invariants import every
from festoon.coupons import queries
from festoon.coupons.recalling import void_one
from festoon.distribution.claims import claim
from festoon.ledger import queries as ledger
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, cart

pytestmark = pytest.mark.django_db
DESK = Viewer("person:desk", 1, frozenset({"coupons.void"}))
THEIRS = Viewer("person:willow", 2, frozenset({"coupons.void"}))
OFF_5 = {"type": "amount", "with": {"off": 500}}


def test_a_void_coupon_serves_no_order_and_leaves_no_gap_in_the_books():
    world.coupon("c", stock=5, per_shopper=2, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    token = quote(cart(("t-01", 1, 9900), buyer="mei", chosen=(mine,)), by=SHOP, now=NOW).token
    void_one(mine, why="printed twice", by=DESK, now=NOW)
    with pytest.raises(Conflict, match="quote_changed"):
        hold(token, by=SHOP, now=NOW, key="h")
    assert ledger.standing(SYSTEM, ["stock:c"])["stock:c"].spent == 1, "what was given stays given"
    entry = records.history(SYSTEM, "coupon", "c").get(verb="coupons.void")
    assert (entry.by, entry.why, entry.rows["coupon"]) == ("person:desk", "printed twice", mine)
    with pytest.raises(Conflict, match="not_unused"):
        void_one(mine, why="again", by=DESK, now=NOW)
    assert [one.code for one in every() if one.check(NOW).problems] == []


def test_who_may_not_and_what_is_in_use_changes_nothing():
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    asked: list[tuple[Viewer, str, type[Refusal]]] = [
        (SHOP, " ", Invalid), (THEIRS, "x", NotFound), (Viewer("person:x", 1, frozenset({"service.open"})), "x", Forbidden),
    ]  # fmt: skip
    for by, why, refused in asked:
        with pytest.raises(refused):
            void_one(mine, why=why, by=by, now=NOW)
    hold(quote(cart(("t-01", 1, 9900), buyer="mei", chosen=(mine,)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="h")
    with pytest.raises(Conflict, match="not_unused"):
        void_one(mine, why="x", by=DESK, now=NOW)
    assert queries.by_ids(SYSTEM, [mine])[mine].state == "held"


def test_a_balance_that_an_order_drew_on_is_left_for_what_comes_back_goes_to_it():
    """Fails when a coupon counts as unused because it stays claimed: what is given back would go to nobody."""
    world.coupon("p", stock=5, per_shopper=2, type="red_envelope", **{"with": {"amount": 8000, "divisible": True}})
    mine, other = (claim("p", "mei", by=SHOP, now=NOW, key=key).coupon for key in "ab")

    def held(key: str) -> str:
        token = quote(cart(("t-02", 3, 1000), buyer="mei", chosen=(mine,)), by=SHOP, now=NOW).token
        return hold(token, by=SHOP, now=NOW, key=key).hold

    def refused() -> int | None:
        with pytest.raises(Conflict, match="not_unused"):
            void_one(mine, why="x", by=DESK, now=NOW)
        one = queries.by_ids(SYSTEM, [mine])[mine]
        assert one.state == "claimed"
        return one.balance

    first = held("h")
    assert refused() == 5000
    cancel(first, by=SHOP, now=NOW)
    assert refused() == 8000
    sold = redeem(held("i"), order="o", by=SHOP, now=NOW, key="r")
    assert refused() == 5000
    refund(sold.redemption, {"a": 3}, by=SHOP, now=NOW, key="f")
    assert refused() == 8000
    assert void_one(other, why="x", by=DESK, now=NOW).state == "void", "one that never paid"
    assert [one.code for one in every() if one.check(NOW).problems] == []
