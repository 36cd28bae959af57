"""Orders: what is held is posted once, what was paid comes back once. Each guard is taken away, and the case breaks."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from django.db import connection, transaction

from festoon.checkout import held, holding, holds, promised, queries, redeeming, redemptions, refunds, returned
from festoon.checkout.actions import expire_due, hold, quote, redeem
from festoon.checkout.models import CouponUse, Redemption
from festoon.coupons.models import Coupon, Template
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.ledger.models import Account
from festoon.ledger.store import group, writer
from festoon.ledger.store.dialect import connect
from festoon.ledger.store.plan import Plan
from festoon.ledger.store.records import Chain
from festoon.offers import stock
from festoon.offers.models import BookVersion, Live, Spending
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_guards import broken, no_room, token, tried
from tests.checkout.test_hold import OFF_5
from tests.checkout.test_refund_policies import CLAW, GIFT, HALF_FROM_130, sold
from tests.checkout.unguarded import (
    many_to_one,
    without,
    without_check,
    without_constraint,
    without_limit,
    without_words,
)
from tests.checkout.world import NOW, SHOP, cart, later

pytestmark = pytest.mark.django_db
ENDS = {"cancelled": "void", "expired": "expire"}
EMPTY = " WHERE ", " WHERE 1 = 0 AND "


def done(plan: Plan) -> int:
    return tried(lambda: writer.submit(plan).result())


def planned(*tokens: str) -> list[Plan]:
    """The holds of these quotes, all planned before the first is made."""
    priced = [promised.today(promised.read(each, by=SHOP), by=SHOP, now=NOW, fresh=False) for each in tokens]
    return [holding.plan(each, by=SHOP, now=NOW, key=f"h{n}", body="")[0] for n, each in enumerate(priced)]


def two_tokens(buyer: str = "", chosen: Sequence[str] = ()) -> list[str]:
    return [
        quote(cart(("t-01", n, 9900), buyer=buyer, chosen=list(chosen)), by=SHOP, now=NOW).token for n in (1, 2)
    ]  # fmt: skip


def one_place() -> None:
    early = world.offer("early", when=[{"first_buyers": {"number": 1}}], **OFF_5)
    with transaction.atomic():
        stock.settle_first_buyers([early], at=NOW)


def two_units() -> None:
    world.offer("flash", **OFF_5)
    accounts.fund(accounts.open_account("units:flash", merchant_id=1, kind="units", unit="piece"), 2, at=NOW)


def two_mugs() -> None:
    world.offer("g", **GIFT)
    accounts.fund(accounts.open_account("units:g", merchant_id=1, kind="units", unit="piece"), 2, at=NOW)


def seven_to_spend() -> None:
    Spending.objects.create(offer=world.offer("a", **OFF_5), most=700, zone="UTC")
    accounts.filled("spending:all:a", 700, merchant_id=1, kind="spending", unit="CNY", at=NOW)
    world.changed()


@pytest.mark.parametrize("scarce", [one_place, two_units, two_mugs, seven_to_spend])
def test_the_check_keeps_what_orders_draw_on(scarce: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    scarce()
    one, two = planned(*two_tokens())
    assert [done(two), done(one)] == [1, 0]
    with without_limit(monkeypatch):
        no_room(monkeypatch)
        assert done(one) == 1
        assert "never_overspent" in broken()


def test_the_uses_of_a_shopper_are_counted_in_the_hold_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 1)
    one, two = planned(*two_tokens("mei"))
    assert [done(one), done(two)] == [1, 0]
    without(monkeypatch, "uses.left", '"per_shopper" <= ', '"per_shopper" + 99 <= ')
    assert done(two) == 1
    assert Account.objects.get(code="uses:a:mei").held == 2


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (' AND "coupons_coupon"."shopper_id" = :shopper', "given away"),
        (' AND ("coupons_coupon"."expires_at" IS NULL OR "coupons_coupon"."expires_at" > :now)', "ended"),
    ],
    ids=["the shopper", "the end"],
)
def test_a_coupon_is_held_only_as_it_is_now(words: str, changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    [plan] = planned(token(mine, 1))
    tao = Coupon._meta.get_field("shopper").related_model.objects.get(code="tao")
    Coupon.objects.filter(id=mine).update(**({"shopper": tao} if changed == "given away" else {"expires_at": NOW}))
    assert done(plan) == 0
    without(monkeypatch, "coupon.hold", words)
    assert done(plan) == 1
    assert CouponUse.objects.filter(coupon=mine, live=True).exists(), f"a coupon that was {changed}"


def test_what_was_made_void_is_asked_by_the_hold_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recalled, released again and not marked yet, between the look and the write."""
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    [plan] = planned(token(mine, 1))
    Template.objects.update(recalls=1, void_before=1)
    assert done(plan) == 0
    without(monkeypatch, "coupon.hold", ' AND "coupons_coupon"."recalls" >= "coupons_template"."void_before"')
    assert done(plan) == 1
    assert CouponUse.objects.filter(coupon=mine, live=True).exists(), "a coupon that a recall made void"


def test_what_gave_it_out_is_asked_by_the_hold_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recalled by another process: this one has not heard of it, and its quotes are good for minutes still."""
    world.offer("a", **OFF_5)
    world.distribution("gold", offers=["a"], segments=["gold"])
    world.distribution("app", offers=["a"], channels=["app"])
    till, asked = replace(SHOP, channel="store"), cart(("t-01", 1, 9900), buyer="mei")
    golden, [in_app, *_] = quote(asked, by=till, now=NOW).token, two_tokens()
    Live.objects.filter(code="gold").delete()
    BookVersion.objects.update(number=BookVersion.objects.get().number + 1)
    with pytest.raises(Refusal) as refused:
        hold(golden, by=SHOP, now=later(minutes=5), key="h")
    assert (refused.value.code, refused.value.detail["quote"]["payable"]) == ("quote_changed", 9900)
    assert hold(in_app, by=SHOP, now=later(minutes=5), key="h2").payable == 9400, "the other one is out still"
    without(monkeypatch, "distributions.live", ") = 1", ") >= 0")
    assert hold(golden, by=SHOP, now=later(minutes=5), key="h").payable == 9400, "given out to whom nobody gives it"


def test_what_gave_it_out_is_asked_by_the_late_redemption_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recalled between the look and the write: the statement is what refuses it."""
    world.offer("a", **OFF_5)
    world.distribution("app", offers=["a"], channels=["app"])
    late = hold(two_tokens()[0], by=SHOP, now=NOW, key="h").hold
    expire_due(later(minutes=16))
    Live.objects.filter(code="app").delete()
    monkeypatch.setattr(redemptions, "still_out", lambda held: list(held.ways["a"]))

    def redeemed() -> int:
        return tried(lambda: redeem(late, by=SHOP, now=later(minutes=17), key="r"))

    assert redeemed() == 0
    without(monkeypatch, "distributions.live", ") = 1", ") >= 0")
    assert redeemed() == 1, "given by what nobody gives out any more"


def postings(number: str, count: int = 2) -> list[Plan]:
    """So many redemptions of one hold, each believing that it is open."""
    row = queries.hold(SYSTEM, number)
    asked = [
        redeeming.Posting("", "", SHOP, NOW, f"r{n}", "", late=False, price=holds.price_of(row)) for n in range(count)
    ]
    return [redeeming.in_time(held.read(row), each) for each in asked]


def test_one_redemption_a_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    made = hold(quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="h")
    first, second = postings(made.hold)
    assert [done(first), done(second)] == [1, 0], "the hold's state says so"
    without(monkeypatch, "hold.close", ' AND "checkout_hold"."state" = :was')
    assert done(second) == 0, "one to one says so"
    with many_to_one(Redemption, "hold"):
        assert done(second) == 1
        assert Redemption.objects.filter(hold=made.hold).count() == 2


def test_no_counter_falls_below_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    world.offer("a", **OFF_5)
    world.budget("platform", 10_000)
    made = hold(quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="h")
    [post] = postings(made.hold, 1)
    holds.cancel(made.hold, by=SHOP, now=NOW)
    without(monkeypatch, "hold.close", ' AND "checkout_hold"."state" = :was')
    assert done(post) == 0
    with without_check(monkeypatch, Account, "account_signs"):
        assert done(post) == 1
        assert "never_overspent" in broken()


def test_a_late_redemption_takes_only_a_coupon_that_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    first = hold(token(mine, 1), by=SHOP, now=NOW, key="h1")
    after = later(minutes=16)
    expire_due(after)
    fresh = quote(cart(("t-01", 2, 9900), buyer="mei", chosen=[mine]), by=SHOP, now=after).token
    redeem(hold(fresh, by=SHOP, now=after, key="h2").hold, by=SHOP, now=after, key="r2")

    def late() -> int:
        return tried(lambda: redeem(first.hold, by=SHOP, now=after, key="r1"))

    assert late() == 0
    with without_constraint(CouponUse, "coupon_used_once"):
        assert late() == 0, "its state says so"
        without(monkeypatch, "coupon.take_late", """ AND "coupons_coupon"."state" = 'claimed'""")
        assert late() == 1
        assert "one_use" in broken()


def two_refunds(quantity: int = 2, **lines: list[int]) -> list[Plan]:
    """Two refunds of one order, both planned before the first is made: of `one` and of `two`."""
    world.offer("a", **OFF_5)
    found = quote(cart(("t-01", quantity, 9900), shipping=800), by=SHOP, now=NOW)
    made = hold(found.token, by=SHOP, now=NOW, key="h")
    redemption = redeem(made.hold, by=SHOP, now=NOW, key="r").redemption
    return [refunding(redemption, name, a=lines[name]) for name in ("one", "two")]


def refunding(redemption: str, key: str, **lines: list[int]) -> Plan:
    """The refund of these units, planned on what is back now."""
    row = queries.redemption(SYSTEM, redemption)
    kept = held.read(row.hold)
    return refunds._plan(row, kept, returned.returned(row, kept, lines, by=SHOP), by=SHOP, now=NOW, key=key, body="")


def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came back meanwhile is not looked at."""
    without(monkeypatch, "redemption.paid_back", ' AND "checkout_redemption"."refunded" = :before')
    without(monkeypatch, "units.back", *EMPTY)


def test_a_refund_counts_only_on_what_it_was_planned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = two_refunds(one=[1], two=[2])
    assert [done(one), done(two)] == [1, 0], "planned again, the second gives back the shipping too"
    uncounted(monkeypatch)
    assert done(two) == 1
    assert "refunds" in broken(), "all is back, but not all that was paid"


def of_one_group(*plans: Plan) -> int:
    """So many of these plans are done when they come in one group."""
    opened = connect(connection.settings_dict)
    try:
        return sum(outcome.written for outcome in group.commit(opened, plans, (), Chain()))
    finally:
        opened.close()


def nothing_and_all(key: str) -> list[Plan]:
    """Two refunds of one order, planned on nothing back yet: first that of a unit with which nothing goes back."""
    done = sold(("t-01", 1, 9900), ("t-02", 1, 3333), key=key)
    return [refunding(done.redemption, f"{key}-{line}", **{line: [1]}) for line in ("b", "a")]


def test_refunds_of_one_order_in_one_group_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    world.offer("a", **HALF_FROM_130, **CLAW)
    world.budget("platform", 100_000)
    assert of_one_group(*nothing_and_all("k")) == 1
    sold(("t-01", 2, 9900), key="other")  # else nothing would be left that could go back once more
    assert "refunds" not in broken()
    without_words(monkeypatch, refunds._plan, 'lane=f"refunds of {row.id}"', 'lane=""')
    if connection.vendor == "postgresql":
        assert of_one_group(*nothing_and_all("l")) == 1, "one statement changes a row once: the second is refused"
        return
    assert of_one_group(*nothing_and_all("l")) == 2
    assert "refunds" in broken(), "the discount went back to its payer one and a half times"


def test_beside_an_order_and_an_end_that_come_too_late_one_refund_is_done() -> None:
    world.offer("a", **HALF_FROM_130, **CLAW)
    world.budget("platform", 100_000)
    made = hold(quote(cart(("t-01", 1, 9900), ("t-02", 1, 3333)), by=SHOP, now=NOW).token, by=SHOP, now=NOW, key="h")
    row = queries.hold(SYSTEM, made.hold)
    ends = [holds._ending(held.read(row), state, kind, by=SHOP, now=NOW) for state, kind in ENDS.items()]
    [late] = postings(made.hold, 1)
    done = redeem(made.hold, by=SHOP, now=NOW, key="r")
    nothing, rest = (refunding(done.redemption, line, **{line: [1]}) for line in ("b", "a"))
    sold(("t-01", 2, 9900), key="other")
    assert of_one_group(ends[0], nothing, late, ends[1], rest) == 1
    assert queries.refunds(SYSTEM).count() == 1
    assert not broken() & {"refunds", "never_overspent", "reserved"}


def test_no_more_goes_back_than_was_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = two_refunds(one=[1, 2], two=[1, 2])
    assert done(one) == 1
    uncounted(monkeypatch)
    without(monkeypatch, "unit.back", ":line, :unit", ":line, :unit + (SELECT COUNT(*) FROM checkout_refund) * 1000")
    assert done(two) == 0
    with without_check(monkeypatch, Redemption, "refund_within_paid"):
        assert done(two) == 1
        assert "refunds" in broken()
