"""Redeeming: exactly the hold, once over all channels; after its end only what can still be taken."""

from typing import Any

import pytest

from festoon.checkout import queries, redemptions
from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem, verify
from festoon.checkout.answers import HoldAnswer
from festoon.checkout.held import Held
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.coupons import queries as coupons
from festoon.distribution.claims import Claimed, claim
from festoon.ledger import accounts
from festoon.records import events
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, OFF_10, refusal, standing
from tests.checkout.world import NOW, SHOP, TILL, cart, later
from tests.racing import race

pytestmark = pytest.mark.django_db
PLATFORM = "budget:double-12:discount:platform"


def held(key: str = "h", buyer: str = "", chosen: tuple[str, ...] = ()) -> HoldAnswer:
    token = quote(cart(("t-01", 1, 9900), buyer=buyer, chosen=chosen), by=SHOP, now=NOW).token
    return hold(token, by=SHOP, now=NOW, key=key)


def with_coupon(**data: object) -> tuple[Claimed, HoldAnswer]:
    world.coupon("c", stock=5, **{**OFF_5, **data})
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    return mine, held(buyer="mei", chosen=(mine.coupon,))


def test_a_redemption_posts_exactly_the_hold() -> None:
    world.budget("platform", 10_000)
    mine, made = with_coupon()
    done = redeem(made.hold, order="o-1", by=SHOP, now=later(minutes=1), key="r")
    assert (done.paid, done.late, done.order) == (9400, False, "o-1")
    assert standing(PLATFORM) == (10_000, 0, 500)
    assert coupons.by_ids(SYSTEM, [mine.coupon])[mine.coupon].state == "redeemed"
    [told] = [e for _, batch in events.read_after(0, 100) for e in batch if e["kind"] == "order.redeemed"]
    assert told["offers"] == [
        {"offer": "c", "campaign": "double-12", "amount": 500, "payers": {"platform": 500}, "coupon": mine.coupon}
    ]
    assert told["coupons"][0] | {"n": 1, "offer": "c", "campaign": "double-12"} == told["coupons"][0]
    assert told["money"]["payable"] == 9400


def test_once_over_all_channels_and_the_same_key_gets_the_same_answer() -> None:
    world.offer("a", **OFF_5)
    made = held()
    answers = race(8, lambda n: redeem(made.hold, by=SHOP, now=NOW, key=f"r{n}"))
    done = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(done) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"already_redeemed"}
    key = queries.redemptions(SYSTEM).get().key
    assert redeem(made.hold, by=SHOP, now=later(minutes=99), key=key) == done[0]
    with pytest.raises(KeyReused):
        redeem(made.hold, order="another", by=SHOP, now=NOW, key=key)


def test_a_hold_is_cancelled_or_redeemed_never_both() -> None:
    world.offer("a", **OFF_5)
    world.budget("platform", 10_000)
    for n in range(5):
        made = held(f"h{n}")
        race(2, lambda side, made=made, n=n: (  # type: ignore[misc]
            redeem(made.hold, by=SHOP, now=NOW, key=f"r{n}") if side else cancel(made.hold, by=SHOP, now=NOW)
        ))  # fmt: skip
    redeemed = queries.redemptions(SYSTEM).count()
    assert standing(PLATFORM) == (10_000, 0, 500 * redeemed)


def test_a_redeemed_coupon_is_used_up() -> None:
    mine, made = with_coupon()
    redeem(made.hold, by=SHOP, now=NOW, key="r")
    asked = cart(("t-01", 1, 9900), buyer="mei", chosen=[mine.coupon])
    assert refusal(lambda: quote(asked, by=SHOP, now=NOW)).code == "coupon_used"


def test_an_order_ends_being_new() -> None:
    world.offer("welcome", when=[{"new_buyer": {}}], **OFF_5)
    assert redeem(held(buyer="tao").hold, by=SHOP, now=NOW, key="r").paid == 9400
    assert quote(cart(("t-01", 1, 9900), buyer="tao"), by=SHOP, now=NOW).payable == 9900


@pytest.mark.parametrize("swept", [False, True])
def test_after_its_end_what_is_still_free_is_taken_and_marked_late(swept: bool) -> None:
    world.budget("platform", 10_000)
    _, made = with_coupon()
    if swept:
        assert expire_due(later(minutes=16)) == 1
    done = redeem(made.hold, by=SHOP, now=later(minutes=16), key="r")
    assert (done.paid, done.late) == (9400, True)
    assert standing(PLATFORM) == (10_000, 0, 500)


def test_after_its_end_a_money_budget_is_honoured_from_its_overdraft_with_an_alarm() -> None:
    world.offer("a", **OFF_10)
    world.budget("platform", 1000)
    made = held("h1")
    expire_due(later(minutes=16))
    token = quote(cart(("t-01", 1, 9900)), by=SHOP, now=later(minutes=16)).token
    hold(token, by=SHOP, now=later(minutes=16), key="h2")
    done = redeem(made.hold, by=SHOP, now=later(minutes=17), key="r")
    assert (done.paid, done.late) == (8900, True)
    assert standing(PLATFORM) == (1000, 1000, 0)
    assert standing(f"overdraft:{PLATFORM}") == (0, 0, 1000)
    alarms = [e for _, batch in events.read_after(0, 100) for e in batch if e["kind"] == "budget.overdrawn"]
    assert [(alarm["account"], alarm["amount"]) for alarm in alarms] == [(PLATFORM, 1000)]


def test_after_its_end_a_money_budget_taken_at_the_last_moment_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    world.offer("a", **OFF_10)
    world.budget("platform", 1000)
    made = held("h1")
    expire_due(later(minutes=16))
    token = quote(cart(("t-01", 1, 9900)), by=SHOP, now=later(minutes=16)).token
    looked = redemptions.overdrawn
    others = iter([lambda: hold(token, by=SHOP, now=later(minutes=16), key="h2")])

    def then_another_takes_it(hold: Held) -> list[str]:
        found = looked(hold)
        for take in others:
            take()
        return found

    monkeypatch.setattr(redemptions, "overdrawn", then_another_takes_it)
    done = redeem(made.hold, by=SHOP, now=later(minutes=17), key="r")
    assert (done.paid, done.late) == (8900, True)
    assert standing(PLATFORM) == (1000, 1000, 0)
    assert standing(f"overdraft:{PLATFORM}") == (0, 0, 1000)


def test_after_its_end_a_limit_that_was_used_elsewhere_is_refused() -> None:
    world.offer("a", **OFF_10)
    world.per_shopper("a", 1)
    made = held("h1", buyer="mei")
    expire_due(later(minutes=16))
    token = quote(cart(("t-01", 1, 9900), buyer="mei"), by=SHOP, now=later(minutes=16)).token
    hold(token, by=SHOP, now=later(minutes=16), key="h2")
    assert refusal(lambda: redeem(made.hold, by=SHOP, now=later(minutes=17), key="r")).code == "expired"


@pytest.mark.parametrize(
    ("field", "value"), [("scene", "s" * 33), ("scene", "a\0b"), ("order", "o" * 97), ("order", "a\0b")]
)
def test_what_no_column_takes_is_refused_by_its_name(field: str, value: str) -> None:
    world.offer("a", **OFF_5)
    made = held()
    refused = refusal(lambda: redeem(made.hold, by=SHOP, now=NOW, key="r", **{field: value}))  # type: ignore[arg-type]
    assert (refused.code, refused.field, refused.status) == ("not_text", field, 422)
    if field == "scene":
        asked = cart(("t-01", 1, 9900), scene=value)
        assert refusal(lambda: quote(asked, by=SHOP, now=NOW)).field == "scene"


def test_after_its_end_a_coupon_used_elsewhere_is_refused_and_nothing_is_posted() -> None:
    world.budget("platform", 10_000)
    mine, made = with_coupon()
    expire_due(later(minutes=16))
    token = quote(cart(("t-01", 2, 9900), buyer="mei", chosen=[mine.coupon]), by=SHOP, now=later(minutes=16)).token
    hold(token, by=SHOP, now=later(minutes=16), key="h2")
    refused = refusal(lambda: redeem(made.hold, by=SHOP, now=later(minutes=17), key="r"))
    assert (refused.code, refused.status) == ("expired", 409)
    assert standing(PLATFORM) == (10_000, 500, 0)


def test_after_its_end_flash_units_that_are_gone_are_refused() -> None:
    world.offer("flash", type="flash_price", **{"with": {"price": 5000}})
    account = accounts.open_account(accounts.units("flash"), merchant_id=1, kind="units", unit="piece")
    accounts.fund(account, 1, at=NOW)
    made = held("h1")
    expire_due(later(minutes=16))
    token = quote(cart(("t-01", 1, 9900)), by=SHOP, now=later(minutes=16)).token
    hold(token, by=SHOP, now=later(minutes=16), key="h2")
    assert refusal(lambda: redeem(made.hold, by=SHOP, now=later(minutes=17), key="r")).code == "expired"
    assert standing("units:flash") == (1, 1, 0)


def test_after_its_end_a_stopped_offer_grants_nothing() -> None:
    _, made = with_coupon()
    expire_due(later(minutes=16))
    world.stop("campaign", "double-12")
    assert refusal(lambda: redeem(made.hold, by=SHOP, now=later(minutes=17), key="r")).code == "expired"


def test_where_a_coupon_may_be_used_is_judged_again_where_it_is_redeemed() -> None:
    world.coupon("c", stock=5, **OFF_5)
    world.distribution("d-app", offers=["c"], channels=["app"])
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    made = held(buyer="mei", chosen=(mine.coupon,))
    store = Viewer("person:gu", 1, frozenset({"*"}), channel="store", store="willow-west")
    refused = refusal(lambda: redeem(made.hold, by=store, now=NOW, key="r"))
    assert (refused.code, refused.detail["coupon"]) == ("not_here", mine.coupon)
    assert redeem(made.hold, by=SHOP, now=NOW, key="r").paid == 9400


def test_nor_does_a_shop_with_goods_of_its_own_redeem_where_a_coupon_may_not_be_used() -> None:
    """Fails when the coupons of the hold are looked for by the goods of our catalogue, where its own are not."""
    world.coupon("c", stock=5, scope={"sku": ["own-1"]}, **OFF_5)
    world.distribution("d-app", offers=["c"], channels=["app"])
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    app, store = (
        Viewer(f"key:kite-{where}", 3, frozenset({"*"}), channel=where, store=shop)
        for where, shop in (("app", ""), ("store", "kite-1"))
    )
    asked = QuoteRequest(lines=[LineRequest("a", "own-1", 1, 9900, {})], buyer="mei", chosen=[mine.coupon])
    made = hold(quote(asked, by=app, now=NOW).token, by=app, now=NOW, key="h")
    refused = refusal(lambda: redeem(made.hold, by=store, now=NOW, key="r"))
    assert (refused.code, refused.detail["coupon"]) == ("not_here", mine.coupon)
    assert redeem(made.hold, by=app, now=NOW, key="r").paid == 9400


def test_an_order_whose_secret_is_gone_is_redeemed_where_it_was_quoted_only(settings: Any) -> None:
    _, made = with_coupon()
    settings.SECRET_KEY = "the new secret of this installation"
    store = Viewer("person:gu", 1, frozenset({"*"}), channel="store", store="willow-west")
    refused = refusal(lambda: redeem(made.hold, by=store, now=NOW, key="r"))
    assert (refused.code, refused.field) == ("not_judged", "hold")
    assert redeem(made.hold, by=SHOP, now=NOW, key="r").paid == 9400


def test_at_the_till_quote_hold_and_redeem_are_one_call_with_one_key() -> None:
    world.coupon("c", stock=5, **OFF_5)
    world.budget("platform", 10_000)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    assert mine.code is not None
    asked = cart(("t-01", 1, 9900), chosen=[mine.code.lower()])
    done = verify(asked, order="slip-7", by=TILL, now=NOW, key="v")
    assert (done.paid, done.order) == (9400, "slip-7")
    row = queries.redemption(SYSTEM, done.redemption)
    assert (row.channel, row.store, row.hold.state, row.hold.shopper_id) == (
        "store", "willow-west", "redeemed", coupons.by_ids(SYSTEM, [mine.coupon])[mine.coupon].shopper_id,
    )  # fmt: skip
    assert verify(asked, order="slip-7", by=TILL, now=later(minutes=1), key="v") == done
    assert standing(PLATFORM) == (10_000, 0, 500)
    with pytest.raises(KeyReused):
        verify(asked, order="slip-8", by=TILL, now=NOW, key="v")


def test_at_the_till_a_coupon_that_does_not_serve_is_refused_with_its_verdict() -> None:
    world.coupon("c", stock=5, type="amount", **{"with": {"off": 500, "at": 20_000}})
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    refused = refusal(lambda: verify(cart(("t-01", 1, 9900), chosen=[mine.coupon]), by=TILL, now=NOW, key="v"))
    assert refused.code == "not_served"
    assert refused.detail["verdicts"][0]["code"] == "not_met"
    assert queries.visible(SYSTEM).count() == 0
