"""Goods are found by any part of their words, each merchant's behind its wall."""

import pytest

from festoon.catalog import actions, search
from festoon.catalog.search import find
from festoon.records.viewer import SYSTEM
from tests.desk import LATER, LIN, NOW, product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh():
    search.forget()


def skus(viewer, text, now=NOW):
    return list(find(viewer, text, now=now).skus)


def test_by_sku_name_brand_and_a_part_of_any(shop):
    for text, wanted in (
        ("t-01", ["t-01"]),
        ("t-0", ["t-01", "t-04"]),
        ("willow", ["t-01", "t-04", "w-01"]),
        ("柳叶", 3),
    ):
        found = skus(LIN, text)
        assert found == wanted if isinstance(wanted, list) else len(found) == wanted
    assert skus(LIN, "willow t-04") == ["t-04"], "every word"
    assert skus(LIN, "T-04 WILLOW") == ["t-04"]
    assert skus(LIN, "") == skus(LIN, "   ") == skus(LIN, "nothing") == []
    assert skus(LIN, "\x1f") == [] or len(skus(LIN, "\x1f")) <= 5


def test_a_merchant_finds_its_own(shop, ye):
    assert skus(ye, "s-0") == [] and skus(LIN, "s-0") == ["s-01", "s-04"]


def test_a_new_product_is_found_at_once(shop):
    assert skus(LIN, "moon") == []
    actions.take_products([product("moon-1", "kite", "sport", 100)], by=SYSTEM, now=LATER, key="")
    assert skus(LIN, "moon", LATER) == ["moon-1"]


def test_many_are_counted_to_a_thousand(shop):
    rows = [product(f"zz-{n}", "kite", "sport", 100) for n in range(1_050)]
    actions.take_products(rows, by=SYSTEM, now=LATER, key="")
    found = find(LIN, "zz-", now=LATER)
    assert (len(found.skus), found.total, found.many) == (12, 1_000, True)
