"""One coupon made void: it serves no order, nothing comes back, who and why is on record; a coupon in use is left."""

import pytest
from django.db import transaction

from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem, refund
from festoon.checkout.invariants import every
from festoon.checkout.limits import HOLD_LASTS
from festoon.coupons import queries
from festoon.coupons.jobs import BulkIssue
from festoon.coupons.recalling import ORDERS_END, VoidCoupons, recall, void_one
from festoon.distribution.claims import claim
from festoon.ledger import queries as ledger
from festoon.offers.models import Release
from festoon.offers.releases import release
from festoon.records import jobs
from festoon.records import queries as records
from festoon.records.refusal import Conflict, Forbidden, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, cart, later

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


def out_again():
    """The next version of the recalled coupon is agreed on."""
    data = Release.objects.filter(code="c").latest("version").data
    with transaction.atomic():
        release("offer", "c", data, merchant_id=1, review_id=0, by=SYSTEM, now=later(minutes=20))
    world.changed()


def bought(coupon, key, at=NOW):
    token = quote(cart(("t-01", 1, 9900), buyer="mei", chosen=(coupon,)), by=SHOP, now=at).token
    return hold(token, by=SHOP, now=at, key=key).hold


def given_back(made, how):
    if how == "cancelled":
        cancel(made, by=SHOP, now=later(minutes=1))
    elif how == "expired":
        expire_due(later(minutes=16))
    else:
        done = redeem(made, by=SHOP, now=later(minutes=1), key="r")
        refund(done.redemption, {"a": 1}, by=SHOP, now=later(minutes=2), key="f")


def work(at):
    while jobs.run_next({"issue": BulkIssue(), "void": VoidCoupons()}, worker="w", now=at):
        pass


def test_who_pays_with_it_after_all_gets_none_that_makes_up_for_it():
    """Given at once, they had both: the coupon of the order that was open, and the other."""
    world.coupon("c", stock=5, **OFF_5)
    world.coupon("d", stock=5, **OFF_5)
    made = bought(claim("c", "mei", by=SHOP, now=NOW, key="k").coupon, "h")
    claim("c", "tao", by=SHOP, now=NOW, key="t")
    recall("c", outstanding="void", why="a slip", compensation="d", by=SYSTEM, now=NOW, key="recall")
    work(NOW)
    assert not queries.unused(SYSTEM, "d").exists(), "not before the order is paid or over"
    redeem(made, by=SHOP, now=later(minutes=14), key="r")
    work(NOW + ORDERS_END)
    had = {
        who: dict(queries.wallet(SYSTEM, who).values_list("template__offer__code", "state")) for who in ("mei", "tao")
    }
    assert had == {"mei": {"c": "redeemed"}, "tao": {"c": "void", "d": "claimed"}}
    assert ORDERS_END > HOLD_LASTS


@pytest.mark.parametrize("how", ["cancelled", "expired", "refunded"])
def test_what_an_order_had_when_all_was_made_void_does_not_come_back_beside_what_made_up_for_it(how):
    """Held while the coupon is recalled, made up for by another one, given back, and the coupon is out again."""
    world.coupon("c", stock=5, per_shopper=2, refund={"convert": {}}, **OFF_5)
    world.coupon("d", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    made = bought(mine, "h")
    recall("c", outstanding="void", why="a slip", compensation="d", by=SYSTEM, now=NOW, key="recall")
    work(NOW)
    given_back(made, how)
    out_again()
    work(NOW + ORDERS_END)
    states = dict(queries.wallet(SYSTEM, "mei").values_list("template__offer__code", "state"))
    assert states == {"c": "void", "d": "claimed"}, "one of the two"
    newer = claim("c", "mei", by=SHOP, now=later(minutes=21), key="k2").coupon
    cancel(bought(newer, "h2", later(minutes=21)), by=SHOP, now=later(minutes=22))
    assert queries.by_ids(SYSTEM, [newer])[newer].state == "claimed", "what was given since is as it was"
    assert [one.code for one in every() if one.check(later(minutes=22)).problems] == []
