"""A shop that keeps its own catalogue says what its goods are, where its key may; never floors, never whose they are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from festoon.catalog import goods
from festoon.catalog.models import Product
from festoon.checkout import token
from festoon.checkout.holds import hold
from festoon.checkout.prices import PricesRequest, prices
from festoon.checkout.quotes import quote
from festoon.records.refusal import Forbidden, Refusal
from festoon.records.viewer import Viewer
from tests.checkout import world
from tests.checkout.world import NOW, cart

pytestmark = pytest.mark.django_db
RIGHTS = frozenset({"quotes.write", "holds.write", "facts:goods"})
WILLOW = Viewer("key:willow", 2, RIGHTS, channel="app")
TEA = {"category": ["drink", "tea"], "brand": "songfeng", "tags": ["new"]}


def basket(sku: str = "w-77", **told):
    asked = cart((sku, 1, 10_000))
    return structs.replace(asked, lines=[structs.replace(asked.lines[0], goods=told or None)])


def test_offers_find_the_goods_of_the_shops_own_catalogue():
    world.offer("tea-10", scope={"category": ["tea"]}, type="percent", **{"with": {"basis_points": 1000}})
    world.offer("new-5", scope={"tag": ["new"]}, type="amount", **{"with": {"off": 500}})
    found = quote(basket(**TEA), by=WILLOW, now=NOW)
    assert {each["offer"] for each in found.price["offers"]} == {"tea-10", "new-5"}
    facts = token.open_token(found.token)["facts"]["lines"][0]
    assert (facts["merchant"], facts["category"], "product" in facts) == ("willow", ["drink", "tea"], False)
    assert quote(basket(brand="x"), by=WILLOW, now=NOW).payable == 10_000


def test_a_key_without_the_right_says_nothing_of_goods():
    with pytest.raises(Forbidden) as refused:
        quote(basket(**TEA), by=replace(WILLOW, rights=frozenset({"quotes.write"})), now=NOW)
    assert refused.value.detail == {"right": "facts:goods"}
    with pytest.raises(Refusal) as unknown:
        quote(basket(), by=WILLOW, now=NOW)
    assert (unknown.value.code, unknown.value.field) == ("unknown_product", "lines[0].sku")


def test_floors_and_sellers_stay_the_catalogues():
    Product.objects.filter(sku="t-01").update(tag_floor=9500)
    goods._kept.goods = None
    world.offer("half", scope={"category": ["sale"]}, type="percent", **{"with": {"basis_points": 5000}})
    assert quote(basket("t-01", category=["sale"]), by=WILLOW, now=NOW).payable == 9500
    with pytest.raises(Refusal) as refused:
        quote(basket("s-01", category=["sale"]), by=WILLOW, now=NOW)
    assert refused.value.code == "unknown_product"


@pytest.mark.parametrize("name", ["tag_floor", "net_floor", "unit_cost", "merchant"])
def test_what_a_shop_may_not_say(name):
    with pytest.raises(Refusal) as refused:
        quote(basket(**TEA, **{name: 0}), by=WILLOW, now=NOW)
    assert (refused.value.code, refused.value.field) == ("unknown_field", f"lines[0].goods.{name}")


def test_a_category_that_is_no_list_names_its_field():
    with pytest.raises(Refusal) as refused:
        quote(basket(category=[1]), by=WILLOW, now=NOW)
    assert refused.value.field == "lines[0].category[0]"


def test_price_tags_of_the_shops_own_catalogue():
    world.offer("tea-10", scope={"category": ["tea"]}, type="percent", **{"with": {"basis_points": 1000}})
    asked = PricesRequest(["w-77", "t-01"], unit_prices={"w-77": 20_000}, goods={"w-77": TEA})
    assert [tag.now for tag in prices(asked, by=WILLOW, now=NOW).tags] == [18_000, 8_910]
    with pytest.raises(Refusal) as refused:
        prices(replace(asked, unit_prices={}), by=WILLOW, now=NOW)
    assert (refused.value.code, refused.value.field) == ("missing", "unit_prices.w-77")


def test_a_hold_after_the_quotes_end_still_knows_them():
    world.offer("tea-10", scope={"category": ["tea"]}, type="percent", **{"with": {"basis_points": 1000}})
    found = quote(basket(**TEA), by=WILLOW, now=NOW)
    later = NOW + timedelta(minutes=11)
    assert hold(found.token, accept="lower_or_equal", by=WILLOW, now=later, key="h").payable == 9000
