"""The most a campaign can cost, and what its sales leave."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.campaigns import next_version
from festoon.campaigns import queries as themes
from festoon.catalog.goods import goods
from festoon.checkout import actions as checkout
from festoon.checkout import queries as sold
from festoon.composition import profit as counted
from festoon.composition.cost import Part, cost
from festoon.composition.profit import profit
from festoon.composition.queries import overview
from festoon.coupons import actions as coupons
from festoon.offers import queries as offers
from festoon.offers.giving import drafted
from festoon.offers.most import most_of
from festoon.offers.released import is_out
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review.actions import Said
from tests.desk import CHEN, LIN, NOW, coupon, double_12, spend_and_save
from tests.flows.counter import priced

pytestmark = pytest.mark.django_db(transaction=True)
MONEY = Words(en="Discounts", zh="优惠")


def asked(theme):
    return cost(overview(LIN, theme).offers, next_version.budget(LIN, theme), goods(NOW, exact=True))


def put(theme, payer, amount, kind="discount"):
    campaigns.add_budget_line(theme, kind=kind, payer=payer, amount=amount, name=MONEY, by=LIN, now=NOW)


FACES = [
    (coupon(), 300_000),
    (coupon(stock=None), None),
    (coupon(type="percent", **{"with": {"basis_points": 1000}}), None),
    (coupon(type="percent", **{"with": {"basis_points": 1000, "cap": 2000}}), 200_000),
    (coupon(type="amount_each", **{"with": {"off": 500, "per": "line"}}), None),
    (coupon(type="buy_more", **{"with": {"steps": [{"units": 2, "off": 100}, {"units": 500, "off": 9000}]}}), 900_000),
    (coupon(type="amount", face_value=100, **{"with": {"off": 3000}}), 300_000),
    (coupon(type="red_envelope", **{"with": {"amount": 500, "divisible": True}}), 50_000),
]


@pytest.mark.parametrize(("data", "most_of_all"), FACES)
def test_a_coupon_costs_its_stock_times_the_most_of_one(theme, data, most_of_all):
    made = coupons.create(data, by=LIN, now=NOW)
    assert most_of(drafted(made), goods(NOW, exact=True)) == {"discount": most_of_all}


PIECES = [
    (spend_and_save(), None),
    (spend_and_save(when=[{"first_buyers": {"number": 40}}]), 200_000),
    (spend_and_save(type="flash_price", units=10, scope={"sku": ["t-01"]}, **{"with": {"price": 9900, "units": 1}}), 29_000),
    (spend_and_save(type="percent", units=10, scope={"sku": ["t-01"]}, **{"with": {"basis_points": 1000}}), 12_810),
    # One order of eight takes 600: of a tier that is reached nobody knows on how few pieces it falls.
    (spend_and_save(units=10, scope={"sku": ["t-01"]}, **{"with": {"tiers": [{"at": 10000, "off": 1000}, {"at": 100000, "off": 60000}]}}), 128_000),
    (spend_and_save(type="free_shipping", units=10, scope={"sku": ["t-01"]}, **{"with": {}}), None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "most_of_all"), PIECES)
def test_a_promotion_costs_its_pieces_at_the_dearest_goods(theme, data, most_of_all):
    made = promotions.create(data, by=LIN, now=NOW)
    assert most_of(drafted(made), goods(NOW, exact=True)) == {"discount": most_of_all}


def test_what_nothing_ends_is_named_until_one_who_pays_has_a_budget(theme):
    shared = [{"payer": "platform", "basis_points": 6000}, {"payer": "merchant:willow", "basis_points": 4000}]
    endless = promotions.create(spend_and_save(payers=shared), by=LIN, now=NOW)
    coupons.create(coupon(), by=LIN, now=NOW)
    assert asked(theme).total is None
    assert asked(theme).endless == [endless]
    put(theme, "merchant:willow", 40_000)
    put(theme, "platform", 7_000, kind="placement")
    found = asked(theme)
    assert found.endless == []
    assert set(found.parts) == {
        Part("discount", "merchant:willow", 40_000, 40_000),
        Part("discount", "platform", 60_000 + 300_000, None),
        Part("placement", "platform", 7_000, 7_000),
    }
    assert found.total == 407_000
    put(theme, "platform", 100_000)
    assert asked(theme).total == 40_000 + 100_000 + 7_000


def test_gifts_cost_their_stock(theme):
    """Their worth comes from the budget for gifts, not from that of discounts."""
    gift = {"type": "gift", "with": {"sku": "w-01", "value": 1400, "at": 20000}, "units": 5}
    promotions.create(spend_and_save(**gift), by=LIN, now=NOW)
    assert asked(theme).parts == [Part("gifts", "platform", 7_000, None)]
    assert asked(theme).unvalued == []
    free = promotions.create(spend_and_save("free", **{**gift, "with": {"sku": "w-01", "at": 20000}}), by=LIN, now=NOW)
    assert asked(theme).unvalued == [free]
    assert asked(theme).total == 7_000


def test_what_an_offer_may_cost_ends_it(theme):
    """In its draft and as it is out; without end again when a draft takes it away."""
    half = [{"payer": "platform", "basis_points": 5000}, {"payer": "merchant:willow", "basis_points": 5000}]
    made = promotions.create(spend_and_save(spend_most=90_000, payers=half), by=LIN, now=NOW)
    shared = [Part("discount", "platform", 45_000, None), Part("discount", "merchant:willow", 45_000, None)]
    assert asked(theme).parts == shared
    promotions.submit(made, by=LIN, now=NOW)
    promotions.approve(made, by=CHEN, now=NOW)
    assert (asked(theme).parts, asked(theme).endless) == (shared, [])
    edited = promotions.edit(made, spend_and_save(payers=half), by=LIN, now=NOW)
    assert asked(theme).endless == [edited]
    promotions.edit(edited, spend_and_save(spend_most=120_000, payers=half), by=LIN, now=NOW)
    assert asked(theme).total == 120_000
    made = coupons.create(coupon(spend_most=200_000), by=LIN, now=NOW)
    assert most_of(drafted(made), goods(NOW, exact=True)) == {"discount": 200_000}, "less than all its coupons"


def test_what_it_may_cost_on_a_day_ends_it_by_the_days_of_its_window(theme):
    """As it is out and as it is worked on: from the first day of either to the last."""
    three = {"start": "2026-12-10T20:00", "end": "2026-12-13T00:00", "zone": "Asia/Shanghai"}
    made = promotions.create(spend_and_save(spend_per_day=10_000, window=three), by=LIN, now=NOW)
    assert asked(theme).total == 30_000, "the 10th, 11th and 12th"
    assert most_of(drafted(made), goods(NOW, exact=True)) == {"discount": 30_000}
    promotions.submit(made, by=LIN, now=NOW)
    promotions.approve(made, by=CHEN, now=NOW)
    moved = {**three, "start": "2026-12-12T00:00", "end": "2026-12-15T00:00"}
    made = promotions.edit(made, spend_and_save(spend_per_day=20_000, window=moved), by=LIN, now=NOW)
    assert asked(theme).total == 5 * 20_000, "the larger limit, on the days of both"
    made = promotions.edit(made, spend_and_save(spend_per_day=20_000, spend_most=70_000, window=moved), by=LIN, now=NOW)
    assert asked(theme).total == 100_000, "what is out has no limit in all"
    promotions.edit(made, spend_and_save(window=moved), by=LIN, now=NOW)
    assert asked(theme).total is None


GIFTS = [
    ({"quantity": 3}, 42_000),
    ({"every": 20000}, None),
    ({"every": 20000, "times": 4}, 56_000),
]


@pytest.mark.parametrize(("more", "most_of_all"), GIFTS)
def test_a_coupon_may_give_many_gifts(theme, more, most_of_all):
    made = coupons.create(
        coupon(type="gift", stock=10, **{"with": {"sku": "w-01", "value": 1400, **more}}), by=LIN, now=NOW
    )
    assert most_of(drafted(made), goods(NOW, exact=True)) == {"gifts": most_of_all}


def released(data):
    made = coupons.create(data, by=LIN, now=NOW)
    coupons.submit(made, by=LIN, now=NOW)
    coupons.approve(made, by=CHEN, now=NOW)
    return made


def test_a_live_release_counts_whatever_becomes_of_its_next_version(theme):
    """The larger of the two, and without end if either is; what is rejected and out of nothing counts for nothing."""
    offer = released(coupon())
    assert asked(theme).total == 300_000
    coupons.edit(offer, coupon(**{"with": {"off": 100, "at": 20000}}), by=LIN, now=NOW)
    assert asked(theme).total == 300_000
    edited = coupons.edit(offers.offer(LIN, offer.code), coupon(stock=None), by=LIN, now=NOW)
    assert asked(theme).endless == [edited]
    edited = coupons.edit(edited, coupon(**{"with": {"off": 9000, "at": 20000}}), by=LIN, now=NOW)
    assert asked(theme).total == 900_000
    coupons.submit(edited, by=LIN, now=NOW)
    coupons.decide(edited, Said("reject", "No."), by=CHEN, now=NOW)
    assert (edited.state, is_out(LIN, edited.code)) == ("rejected", True)
    assert asked(theme).total == 300_000
    new = coupons.create(coupon("new"), by=LIN, now=NOW)
    coupons.submit(new, by=LIN, now=NOW)
    coupons.decide(new, Said("reject", "No."), by=CHEN, now=NOW)
    assert asked(theme).total == 300_000


def test_the_profit_is_of_orders_whose_goods_all_have_a_cost(cast):
    counted.forget()
    theme = themes.campaign(SYSTEM, "double-12")
    app, later = cast.machine("demo-app"), cast.now + timedelta(minutes=5)
    have = goods(later, exact=True)
    tea, canister = (have.lines[sku]["unit_cost"] for sku in ("t-01", "w-06"))
    bought = []
    for order, pieces in enumerate((2, 1)):
        held = checkout.hold(priced(cast, ("t-01", pieces), buyer="rui").token, by=app, now=cast.now, key=f"h{order}")
        bought.append(checkout.redeem(held.hold, order=f"A-{order}", by=app, now=cast.now, key=f"r{order}"))
    paid = sum(row.paid for row in sold.redemptions(SYSTEM))
    found = profit(SYSTEM, theme, have, now=later)
    assert (found.orders, found.known, found.profit, found.through) == (2, 2, paid - 3 * tea - canister, True)
    back = checkout.refund(bought[0].redemption, {"1": 1}, by=app, now=cast.now + timedelta(minutes=1), key="b")
    assert len(back.gifts) == 1
    for _twice in range(2):
        assert profit(SYSTEM, theme, have, now=later).profit == paid - back.amount - 2 * tea
    unknown = replace(have, number=-1, lines={**have.lines, "t-01": {**have.lines["t-01"], "unit_cost": None}})
    found = profit(SYSTEM, theme, unknown, now=later)
    assert (found.orders, found.known, found.profit) == (2, 0, 0)


def test_what_one_page_was_told_of_the_profit_is_its_own(theme):
    """A copy, and each campaign is counted under a lock of its own: another's page does not wait."""
    counted.forget()
    have = goods(NOW, exact=True)
    profit(SYSTEM, theme, have, now=NOW).profit = 99
    assert profit(SYSTEM, theme, have, now=NOW).profit == 0
    held, other = next(iter(counted._counted.values())), double_12(code="other")
    with held.reading, ThreadPoolExecutor() as pool:
        assert pool.submit(elsewhere, other, have).result(timeout=10).through


def elsewhere(campaign, have):
    try:
        return profit(SYSTEM, campaign, have, now=NOW)
    finally:
        connection.close()
