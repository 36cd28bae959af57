"""The worst stack found before anybody agrees; three accidents that happened to others are flagged."""

from __future__ import annotations

import pytest

from festoon.catalog.goods import goods
from festoon.offers import affected
from festoon.offers.goods_bits import GoodsBits
from festoon.offers.worst import MOST_PRICES, worst
from tests.desk import NOW, shop  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
REST = {"festoon": 1, "currency": "CNY", "zone": "Asia/Shanghai"}


def offer(code, kind="promotion", **more):
    name = {"en": code, "zh": code}
    return {"code": code, "kind": kind, "name": name, "scope": {"category": ["tea"]}, **more}


def spend(code, at, less, **more):
    return offer(code, type="spend_and_save", **{"with": {"tiers": [{"at": at, "off": less}]}}, **more)


def percent(code, basis_points, **more):
    return offer(code, type="percent", **{"with": {"basis_points": basis_points}}, **more)


def money_off(code, less, at=0, **more):
    return offer(code, type="amount", **{"with": {"off": less, "at": at}}, **more)


def found(*drafts, beside=(), **rest):
    return worst(drafts, beside, {**REST, **rest}, GoodsBits(goods(NOW, exact=True)), NOW)


def test_everything_on_the_same_goods_is_stacked_and_named(shop):  # noqa: F811
    deepest = found(
        spend("300-150", 30000, 15000), beside=[percent("tea-20", 2000), money_off("c", 3000, kind="coupon")]
    )[0]
    assert {each["offer"] for each in deepest.offers} == {"300-150", "tea-20", "c"}
    assert deepest.list - deepest.payable == sum(each["amount"] for each in deepest.offers)
    assert (deepest.depth, deepest.flags) == (
        (deepest.list - deepest.payable) * 10000 // deepest.list,
        ["below_cost", "deep"],
    )


def test_the_fewest_pieces_that_reach_the_threshold_are_the_deepest(shop):  # noqa: F811
    one = {each.sku: each for each in found(spend("300-50", 30000, 5000))}
    assert (one["t-01"].quantity, one["t-04"].quantity) == (3, 2), "3 × 128 and 2 × 159 reach 300"


def test_alike_are_all_goods_of_a_group(shop, monkeypatch):  # noqa: F811
    whole = {each.sku: each.alike for each in found(percent("tea-20", 2000))}
    monkeypatch.setattr(affected, "LOOKED_AT", 1)
    assert max(each.alike for each in found(percent("tea-20", 2000))) == max(whole.values()) > 1


def test_an_exclusion_keeps_the_stack_flat(shop):  # noqa: F811
    pair = [{"code": "x", "between": ["tea-20", "tea-30"], "grain": "order", "reason": {"en": "one", "zh": "一"}}]
    apart, together = (
        found(percent("tea-20", 2000), beside=[percent("tea-30", 3000)], **more)[0].depth
        for more in ({"exclusions": pair}, {})
    )
    assert apart == 3000
    assert together == 4400


def test_exclusions_of_what_is_elsewhere_are_left_out(shop):  # noqa: F811
    pair = [{"code": "x", "between": ["tea-20", "far"], "grain": "order", "reason": {"en": "one", "zh": "一"}}]
    far = percent("far", 1000, scope={"category": ["sport"]})
    assert found(percent("tea-20", 2000), beside=[far], exclusions=pair)[0].depth == 2000


def test_buyers_are_whoever_the_offers_ask_for(shop):  # noqa: F811
    gold = percent("gold", 1000, when=[{"segment": {"any": ["gold"]}}])
    new = percent("new", 1000, when=[{"new_buyer": {}}])
    assert {each["offer"] for each in found(gold, new)[0].offers} == {"gold", "new"}


def test_what_begins_later_is_looked_at_then(shop):  # noqa: F811
    later = percent("later", 6000, window={"start": "2026-12-20T00:00", "end": "2026-12-21T00:00"})
    assert found(later)[0].depth == 6000


def test_an_unlimited_coupon_of_high_value_is_flagged(shop):  # noqa: F811
    """Pinduoduo, January 2019: 100 off anything, without a threshold."""
    deepest = found(money_off("100-off", 10000, kind="coupon"))[0]
    assert deepest.flags == ["below_cost", "deep"]
    assert (deepest.list, deepest.payable) == (12800, 2800)


def test_a_percent_with_a_digit_too_many_is_flagged(shop):  # noqa: F811
    """99 for 9 per cent."""
    assert found(percent("tea-9", 9900))[0].flags == ["below_cost", "deep"]
    assert found(percent("tea-9", 900))[0].flags == []


def test_a_threshold_read_as_any_order_is_flagged(shop):  # noqa: F811
    """December 2000: 50 off any order in place of 50 off 500."""
    cheap = {"scope": {"sku": ["w-01"]}}
    assert found({**money_off("50-off", 5000), **cheap})[0].flags == ["free", "below_cost", "deep"]
    assert found({**money_off("50-off", 5000, at=50000), **cheap})[0].flags == []


def test_a_good_in_the_middle_that_one_more_offer_meets_is_tried(shop):  # noqa: F811
    """Neither the cheapest of all nor the dearest."""
    everything = {"category": ["tea", "teaware", "sport"]}
    clearance = percent("clearance", 5000, scope={"sku": ["t-01"]})
    deepest, *others = found(percent("all-20", 2000, scope=everything), beside=[clearance])
    assert (deepest.sku, deepest.depth, deepest.alike) == ("t-01", 6000, 1)
    assert {each.alike for each in others} == {4}


def test_goods_that_a_rule_names_are_laid_beside(shop):  # noqa: F811
    """A bundle at 9 in place of 90: no basket of one kind of goods shows it."""
    pieces = [{"goods": {"sku": [sku]}} for sku in ("t-01", "w-01")]
    bundle = offer(
        "bundle", type="bundle", scope={"sku": ["t-01", "w-01"]}, **{"with": {"pieces": pieces, "price": 900}}
    )
    deepest = found(bundle)[0]
    assert {deepest.sku, *(sku for sku, _ in deepest.beside)} == {"t-01", "w-01"}
    assert (deepest.payable, "below_cost" in deepest.flags) == (900, True)


def test_costs_are_kept_apart(shop):  # noqa: F811
    data = found(percent("tea-9", 9900))[0].to_data()
    assert data["costs"]["profit"] < 0
    assert "profit" not in data


def test_a_crowd_of_offers_takes_a_bounded_number_of_prices(shop, monkeypatch):  # noqa: F811
    from festoon.offers import worst as room

    asked, priced = [], room.price

    def counted(*given):
        asked.append(given)
        return priced(*given)

    monkeypatch.setattr(room, "price", counted)
    found(*(spend(f"s-{n}", 1000 * n, 100) for n in range(1, 40)))
    assert len(asked) <= MOST_PRICES
