"""A basket for every two offers that can both serve: found, priced by the engine, and dearer with an exclusion."""

from __future__ import annotations

import pytest

from festoon.catalog.goods import Goods
from festoon.offers.goods_bits import GoodsBits
from festoon.offers.overlap import Board, Overlap
from festoon.offers.standing import Remembered, standing
from festoon.offers.witness import witness
from tests.offers.test_overlap import NOW

LINES = {
    f"t-{n}": {"product": f"t-{n}", "category": ["tea"], "brand": "willow", "merchant": "willow", "store": "", "tags": [],
               "unit_cost": None, "tag_floor": 0, "net_floor": 0}
    for n in range(1, 6)
}  # fmt: skip
GOODS = Goods(1, LINES, {sku: 3000 + 1000 * n for n, sku in enumerate(LINES)}, {})
TEA = {"category": ["tea"]}


def on(*offers, zone="Asia/Shanghai"):
    bits = GoodsBits(GOODS)
    stood = [standing({"scope": TEA, "name": {"en": each["code"], "zh": each["code"]}, **each}, bits, zone, {}, live=True) for each in offers]  # fmt: skip
    return Board(Remembered("CNY", bits, zone, {}, 1, stood, {}), NOW, ()), stood


def found(one, other):
    board, (mine, theirs) = on({"code": "a", **one}, {"code": "b", **other})
    both = board.between(mine, theirs)
    assert isinstance(both, Overlap), both
    return witness(board, mine, both)


def of(type_, /, given=None, **more):
    return {"type": type_, "with": given or {}, **more}


COUPON = {"kind": "coupon"}
OFFERS = {
    "off 50 from 300": of("spend_and_save", {"tiers": [{"at": 30000, "off": 5000}]}),
    "10 %": of("percent", {"basis_points": 1000}),
    "coupon 30 from 200": of("amount", {"off": 3000, "at": 20000}, **COUPON),
    "gold coupon": of("percent", {"basis_points": 1200, "cap": 6000}, when=[{"segment": {"any": ["gold"]}}], **COUPON),
    "flash": of("flash_price", {"price": 2000}),
    "3 for 2": of("buy_x_get_y", {"buy": 2, "get": 1}),
    "second at half": of("nth_item", {"nth": 2, "basis_points": 5000}),
    "gift": of("gift", {"sku": "t-5", "at": 10000}),
    "red envelope": of("red_envelope", {"amount": 880}, **COUPON),
    "free shipping": of("free_shipping", {"at": 9900}),
    "new buyers": of("amount", {"off": 1000}, when=[{"new_buyer": {}}]),
    "fifth order": of("amount", {"off": 1000}, when=[{"nth_order": {"least": 5}}, {"channel": {"any": ["app", "mini"]}}]),
    "evening": of("percent", {"basis_points": 500}, when=[{"hours": {"start": "18:00", "end": "22:00", "zone": "Asia/Shanghai"}}]),
    "in the app": of("amount", {"off": 100}, when=[{"channel": {"any": ["app"]}}]),
    "beside t-2": of("amount", {"off": 500}, when=[{"basket_contains": {"goods": {"sku": ["t-2"]}}}]),
}  # fmt: skip


@pytest.mark.parametrize("one", OFFERS)
def test_two_that_can_both_serve_do_so_in_the_basket(one):
    names = list(OFFERS)
    for other in names[names.index(one) + 1 :]:
        serve(one, other)


def serve(one, other):
    basket = found(OFFERS[one], OFFERS[other])
    if {one, other} == {"new buyers", "fifth order"}:
        assert basket is None or basket.cart["buyer"]["new"]
        return
    assert basket is not None
    quote = basket.prices[""]
    assert {each["offer"] for each in quote["verdicts"] if each["code"] == "applied"} == {"a", "b"}
    apart = basket.prices["order"]
    assert len([each for each in apart["verdicts"] if each["code"] == "applied"]) == 1, "excluded for the order"
    assert basket.pays("order") >= basket.pays()
    assert basket.pays("order") >= basket.pays("line") >= basket.pays(), "a line is less than an order"


def test_the_figures_are_those_of_the_two_offers():
    basket = found(OFFERS["off 50 from 300"], OFFERS["10 %"])
    assert basket.one_line
    assert basket.pays() < basket.pays("order")
    saved = {each["offer"]: each["amount"] for each in basket.prices[""]["offers"]}
    assert saved["a"] == 5000
    assert basket.prices[""]["totals"]["list"] - basket.pays() == sum(saved.values())


def test_two_prices_never_serve_one_unit():
    basket = found(OFFERS["flash"], of("flash_price", {"price": 2500}))
    assert basket is None or not basket.one_line
    assert found(OFFERS["flash"], OFFERS["10 %"]).one_line


def test_nothing_is_said_where_the_search_finds_nothing():
    dear = of("amount", {"off": 1, "at": 90_000_000})
    assert found(OFFERS["10 %"], dear) is None
