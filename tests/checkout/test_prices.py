"""Price tags of a page: what a quote of one unit says, for this shopper, in this channel, with what is left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.apps import apps

from festoon.base.words import same
from festoon.checkout.prices import PricesRequest, prices
from festoon.checkout.quotes import quote
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.records.refusal import Forbidden, Refusal
from festoon.records.viewer import Viewer
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, TILL, cart

pytestmark = pytest.mark.django_db
TEN_PERCENT = {"type": "percent", "with": {"basis_points": 1000}}
MINUS_5 = {"type": "amount", "with": {"off": 500}}
PAGE = ("s-01", "t-01", "t-02")


def tags(*skus: str, by: Viewer = SHOP, **more):
    return {tag.sku: tag for tag in prices(PricesRequest(skus or PAGE, **more), by=by, now=NOW).tags}


def test_every_tag_is_a_quote_of_one_unit_and_nothing_is_written():
    world.offer("tea-10", scope={"category": ["tea"]}, **TEN_PERCENT)
    world.offer("gold", when=[{"segment": {"any": ["gold"]}}], **MINUS_5)
    world.offer("three", type="spend_and_save", **{"with": {"tiers": [{"at": 30_000, "off": 3000}]}})
    world.coupon("minus-8", stock=5, type="amount", **{"with": {"off": 800}})
    mine = claim("minus-8", "mei", by=SHOP, now=NOW, key="k").coupon
    before = {model._meta.label: model.objects.count() for model in apps.get_models()}
    listed = {"s-01": 29_900, "t-01": 9_900, "t-02": 3_333}
    for buyer in ("mei", "tao", ""):
        found = tags(buyer=buyer)
        assert list(found) == list(PAGE)
        for sku, tag in found.items():
            plain = quote(cart((sku, 1, listed[sku]), buyer=buyer), by=SHOP, now=NOW).payable
            held = [mine] if buyer == "mei" else []
            best = quote(cart((sku, 1, listed[sku]), buyer=buyer, chosen=held), by=SHOP, now=NOW).payable
            assert (tag.listed, tag.now, tag.best, list(tag.coupons)) == (listed[sku], plain, best, held)
    assert before == {model._meta.label: model.objects.count() for model in apps.get_models()}
    assert (found["s-01"].label.zh, found["t-01"].label.en) == ("满¥300减¥30", "10% off")


def test_the_moment_it_changes():
    world.offer(
        "soon", window={"start": "2026-12-12T20:00", "end": "2026-12-13T00:00", "zone": "Asia/Shanghai"}, **TEN_PERCENT
    )
    assert tags("t-01")["t-01"].changes_at == datetime(2026, 12, 12, 12, tzinfo=UTC)
    assert tags("t-01", moment=NOW)["t-01"].now == 9900


def test_the_channel_and_store_are_the_viewers():
    world.offer("west", when=[{"store": {"any": ["willow-west"]}}], **TEN_PERCENT)
    assert tags("t-01", by=TILL)["t-01"].now == 8910
    assert tags("t-01", by=SHOP)["t-01"].now == 9900


def test_a_shops_own_list_price():
    world.offer("ten", **TEN_PERCENT)
    found = tags("t-01", "t-02", unit_prices={"t-01": 20_000})
    assert (found["t-01"].listed, found["t-01"].now, found["t-02"].listed) == (20_000, 18_000, 3_333)


def test_what_is_left_is_asked_for_one_unit():
    world.offer("flash", scope={"sku": ["t-01"]}, type="flash_price", **{"with": {"price": 5000}})
    units = accounts.open_account(accounts.units("flash"), merchant_id=1, kind="units", unit="piece")
    accounts.fund(units, 2, at=NOW)
    assert tags()["t-01"].now == 5000
    accounts.take(units, 2, at=NOW, refuse=Refusal("x", same("x")))
    assert tags()["t-01"].now == 9900
    world.offer("ten", scope={"sku": ["t-01", "s-01"]}, **TEN_PERCENT)
    world.budget("platform", 1200)
    found = tags()
    assert (found["t-01"].now, found["s-01"].now) == (8910, 28_700)  # 990 are left, of 2,990 only 1,200


def test_goods_of_others_are_unknown_goods_and_named():
    willow = Viewer("key:willow", 2, frozenset({"quotes.write"}), channel="app")
    assert tags("t-01", by=willow)["t-01"].now == 9900
    with pytest.raises(Refusal) as refused:
        tags("t-01", "s-01", by=willow)
    assert (refused.value.code, refused.value.field) == ("unknown_product", "skus[1]")


GOOD = PricesRequest(PAGE)


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (replace(GOOD, skus=[]), "too_many", "skus"),
        (replace(GOOD, skus=[f"t-{n}" for n in range(201)]), "too_many", "skus"),
        (replace(GOOD, skus=["t-01", "t-01"]), "twice", "skus[1]"),
        (replace(GOOD, skus=["t-01", "x"]), "unknown_product", "skus[1]"),
        (replace(GOOD, skus=["t-01", ""]), "not_text", "skus[1]"),
        (replace(GOOD, unit_prices={"x": 1}), "unknown", "unit_prices.x"),
        (replace(GOOD, unit_prices={"t-01": -1}), "out_of_range", "skus[1]"),
        (replace(GOOD, buyer="nobody"), "unknown_buyer", "buyer"),
        (replace(GOOD, currency="USD"), "foreign_currency", "currency"),
        (replace(GOOD, moment=NOW.replace(tzinfo=None)), "no_offset", "moment"),
    ],
)
def test_a_bad_page_names_its_field(asked, code, field):
    with pytest.raises(Refusal) as refused:
        prices(asked, by=SHOP, now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_without_the_right_there_is_no_tag():
    with pytest.raises(Forbidden):
        prices(GOOD, by=Viewer("key:x", 1, frozenset()), now=NOW)
