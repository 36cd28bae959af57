"""The catalogue is taken over in batches: every row checked, refusals listed, nothing of another's touched."""

import pytest
from django.db import connection

from festoon.catalog import actions as catalog
from festoon.catalog import queries
from festoon.catalog.goods import goods
from festoon.records import queries as records
from festoon.records.refusal import Forbidden, KeyReused, NotFound
from festoon.records.viewer import SYSTEM
from tests.desk import CHEN, LIN, MERCHANTS, NOW, named, product

pytestmark = pytest.mark.django_db(transaction=True)


def take(*rows, by=LIN, key=""):
    return catalog.take_products(rows, by=by, now=NOW, key=key)


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"list_price": -1}, "list_price", "out_of_range"),
        ({"list_price": 10**15 + 1}, "list_price", "out_of_range"),
        ({"list_price": 1.5}, "list_price", "not_whole"),
        ({"unit_cost": True}, "unit_cost", "not_whole"),
        ({"sku": ""}, "sku", "not_text"),
        ({"sku": "x" * 65}, "sku", "too_long"),
        ({"merchant": "nobody"}, "merchant", "unknown"),
        ({"category": "toys"}, "category", "unknown"),
        ({"brand": "nobody"}, "brand", "unknown"),
        ({"tags": "gift"}, "tags", "not_texts"),
        ({"colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_a_row_that_is_wrong_is_listed_with_its_field_and_the_rest_is_taken(shop, wrong, field, code):
    good, bad = product("new-1", "willow", "tea", 100), product("new-2", "willow", "tea", 100) | wrong
    batch = take(bad, good)
    assert (batch.taken, [(row.index, row.field, row.code) for row in batch.refused]) == (1, [(0, field, code)])
    assert queries.product(LIN, "new-1").list_price == 100


def test_a_field_left_out_is_named(shop):
    row = product("new-1", "willow", "tea", 100)
    del row["category"]
    assert [(refused.field, refused.code) for refused in take(row).refused] == [("category", "missing")]


def test_a_row_that_comes_twice_in_a_batch_is_taken_once(shop):
    batch = take(product("new-1", "willow", "tea", 100), product("new-1", "willow", "tea", 200))
    assert (batch.taken, batch.refused[0].code, queries.product(LIN, "new-1").list_price) == (1, "twice", 100)


def test_taken_again_it_takes_the_new_values(shop):
    take(product("t-01", "willow", "oolong", 13000, 6300, tags=["festive"]))
    found = queries.product(LIN, "t-01")
    assert (found.list_price, found.unit_cost, found.category.code, found.tags) == (13000, 6300, "oolong", ["festive"])


def test_the_same_key_answers_the_same_and_does_nothing(shop):
    rows = [product("new-1", "willow", "tea", 100), product("new-2", "nobody", "tea", 100)]
    first = take(*rows, key="k")
    take(product("new-1", "willow", "tea", 300))
    assert take(*rows, key="k") == first
    assert queries.product(LIN, "new-1").list_price == 300
    with pytest.raises(KeyReused):
        take(rows[0], key="k")


def test_one_batch_is_one_audit_row_and_one_event(shop):
    before = records.visible(SYSTEM).count(), records.outbox(SYSTEM).count()
    take(*(product(f"new-{n}", "willow", "tea", 100) for n in range(50)))
    assert (records.visible(SYSTEM).count(), records.outbox(SYSTEM).count()) == (before[0] + 1, before[1] + 1)


def test_a_merchant_takes_only_its_own_goods(shop, ye, stranger):
    assert take(product("new-1", "kite", "sport", 100), by=ye).refused[0].code == "unknown"
    batch = take(product("s-01", "willow", "sport", 1), by=ye)
    assert [(row.field, row.code) for row in batch.refused] == [("sku", "taken")]
    assert queries.product(SYSTEM, "s-01").list_price == 39900
    with pytest.raises(NotFound):
        queries.product(ye, "s-01")
    assert {found.merchant.code for found in queries.products(stranger)} == {"kite"}


def test_what_belongs_to_everybody_is_the_platforms_to_take(shop, ye):
    for verb in (catalog.take_categories, catalog.take_segments, catalog.take_shoppers, catalog.take_merchants):
        with pytest.raises(Forbidden):
            verb([named("x", "X", "X")], by=ye, now=NOW, key="")
    with pytest.raises(Forbidden):
        take(product("new-1", "willow", "tea", 100), by=CHEN)


def test_the_first_merchant_is_the_platform(shop):
    assert queries.merchant(SYSTEM, "lantern").pk == 1


def test_a_merchant_keeps_its_currency(shop):
    lantern, willow, _ = MERCHANTS
    moved = [
        lantern | {"name_en": "Lantern"},
        willow | {"currency": "USD"},
        lantern | {"code": "new", "currency": "USD"},
    ]
    batch = catalog.take_merchants(moved, by=LIN, now=NOW, key="")
    assert [(row.index, row.field, row.code) for row in batch.refused] == [(1, "currency", "fixed")]
    merchants = {each.code: (each.name_en, each.currency) for each in queries.merchants(SYSTEM)}
    assert merchants["lantern"] == ("Lantern", "CNY")
    assert (merchants["willow"][1], merchants["new"][1]) == ("CNY", "USD")


def test_the_goods_in_memory_follow_at_once(shop):
    assert goods(NOW).fill("t-04")["category"] == ["tea", "oolong"]
    take(product("t-04", "willow", "teaware", 1, 2, tag_floor=3, net_floor=4, brand="willow"))
    assert goods(NOW).fill("t-04") == {
        "product": "t-04", "category": ["teaware"], "brand": "willow", "store": "", "merchant": "willow", "tags": [],
        "tag_floor": 3, "net_floor": 4, "unit_cost": 2,
    }  # fmt: skip
    with pytest.raises(NotFound):
        goods(NOW).fill("nothing")


@pytest.mark.parametrize(
    ("scope", "skus"),
    [
        ({"all": True}, "s-01 s-04 t-01 t-04 w-01"),
        ({"category": ["tea"]}, "t-01 t-04"),
        ({"category": ["tea", "sport"], "merchant": ["willow"]}, "t-01 t-04"),
        ({"brand": ["willow"], "except": {"sku": ["t-01"], "tag": ["gift"]}}, "t-04"),
        ({"tag": ["gift"]}, "w-01"),
        ({"sku": ["t-01", "nothing"]}, "t-01"),
    ],
)
def test_which_goods_a_scope_means(shop, scope, skus):
    assert sorted(goods(NOW).within(scope)) == skus.split()


def test_the_levels_that_shoppers_have_are_found_by_steps_of_an_index(shop, django_assert_num_queries):
    """Asked on every page of a coupon: nobody is counted for it, and with many shoppers it takes no longer."""
    assert queries.levels(LIN) == []
    rows = [{"code": f"s-{n}", "level": ("silver", "gold", "", "金卡")[n % 4]} for n in range(40)]
    catalog.take_shoppers(rows, by=SYSTEM, now=NOW, key="")
    with django_assert_num_queries(4):
        assert sorted(queries.levels(LIN)) == ["gold", "silver", "金卡"]
    after = queries.shoppers(LIN).order_by("level").values_list("level", flat=True).filter(level__gt="gold")[:1]
    assert connection.vendor != "sqlite" or "COVERING INDEX shopper_level (level>" in after.explain()
