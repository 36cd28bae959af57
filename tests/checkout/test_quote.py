"""Quoting: what the shop sends is checked and filled, nothing is written, and a bad cart names its field."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from msgspec.structs import replace

from festoon.catalog.models import Merchant, Shopper
from festoon.checkout import token
from festoon.checkout.holds import hold
from festoon.checkout.quotes import quote
from festoon.checkout.redemptions import redeem
from festoon.checkout.request import LineRequest
from festoon.distribution.claims import claim
from festoon.records.refusal import Forbidden, Refusal
from festoon.records.viewer import Viewer
from festoon.rulebook.facts import BEST
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, cart

pytestmark = pytest.mark.django_db
TEN_PERCENT = {"type": "percent", "with": {"basis_points": 1000}}


def rows() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}  # type: ignore[attr-defined]


def test_a_quote_fills_the_goods_and_writes_nothing() -> None:
    world.offer("tea-10", scope={"category": ["tea"]}, **TEN_PERCENT)
    before = rows()
    found = quote(cart(("t-01", 2, 9900), ("s-01", 1, 29900)), by=SHOP, now=NOW)
    assert found.payable == 2 * 8910 + 29900
    assert [offer["offer"] for offer in found.price["offers"]] == ["tea-10"]
    assert rows() == before
    facts = token.open_token(found.token)["facts"]
    assert facts["lines"][0]["category"] == ["drink", "tea"]
    assert (facts["channel"], facts["merchant"]) == ("app", "lantern")


def test_the_same_cart_at_the_same_moment_is_the_same_quote_to_the_byte() -> None:
    world.offer("tea-10", scope={"category": ["tea"]}, **TEN_PERCENT)
    one = quote(cart(("t-01", 2, 9900)), by=SHOP, now=NOW)
    assert one == quote(cart(("t-01", 2, 9900)), by=SHOP, now=NOW)
    assert one.quote != quote(cart(("t-01", 2, 9900)), by=SHOP, now=NOW + timedelta(seconds=1)).quote


def test_a_shops_moment_counts_only_near_ours() -> None:
    window = {"start": "2026-12-12T12:03", "end": "2026-12-13T00:00", "zone": "Asia/Shanghai"}
    world.offer("later", window=window, **TEN_PERCENT)
    near = cart(("t-01", 1, 9900), moment=NOW + timedelta(minutes=4))
    far = cart(("t-01", 1, 9900), moment=NOW + timedelta(minutes=6))
    assert quote(near, by=SHOP, now=NOW).payable == 8910
    assert quote(far, by=SHOP, now=NOW).payable == 9900


def test_an_offer_for_gold_reads_the_segment_of_the_buyer() -> None:
    world.offer("gold", when=[{"segment": {"any": ["gold"]}}], **TEN_PERCENT)
    assert quote(cart(("t-01", 1, 9900), buyer="mei"), by=SHOP, now=NOW).payable == 8910
    assert quote(cart(("t-01", 1, 9900), buyer="tao"), by=SHOP, now=NOW).payable == 9900


def test_a_chosen_coupon_serves_by_id_and_by_code_as_typed() -> None:
    world.coupon("minus-5", stock=5, type="amount", **{"with": {"off": 500}})
    mine = claim("minus-5", "mei", by=SHOP, now=NOW, key="k")
    assert mine.code is not None
    typed = f"{mine.code[:4]}-{mine.code[4:]}".lower()
    for chosen in (mine.coupon, typed):
        found = quote(cart(("t-01", 1, 9900), buyer="mei", chosen=[chosen]), by=SHOP, now=NOW)
        assert found.payable == 9400
        assert found.price["coupons"] == [{"id": mine.coupon, "offer": "minus-5", "served": True}]


@pytest.mark.parametrize("chosen", ["nothing", "ABCDEFGHJKLMNP", "of-tao"])
def test_every_code_that_is_not_ones_own_gets_the_same_answer(chosen: str) -> None:
    world.coupon("minus-5", stock=5, type="amount", **{"with": {"off": 500}})
    of_tao = claim("minus-5", "tao", by=SHOP, now=NOW, key="k").coupon
    asked = cart(("t-01", 1, 9900), buyer="mei", chosen=[of_tao if chosen == "of-tao" else chosen])
    with pytest.raises(Refusal) as refused:
        quote(asked, by=SHOP, now=NOW)
    assert (refused.value.code, refused.value.field, refused.value.status) == ("coupon_unknown", "chosen[0]", 422)
    assert refused.value.words.en == "This coupon cannot be used here."


GOOD = cart(("t-01", 1, 9900))
TWO = cart(("t-01", 1, 9900), ("t-02", 1, 3333))


def line(**changes: Any) -> Any:
    return replace(GOOD, lines=[replace(GOOD.lines[0], **changes)])


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (replace(GOOD, lines=[]), "empty", "lines"),
        (replace(GOOD, lines=[LineRequest(str(n), "t-01", 1, 1) for n in range(10_000)]), "too_many", "lines"),
        (replace(TWO, lines=[TWO.lines[0], replace(TWO.lines[1], id="a")]), "twice", "lines[1].id"),
        (replace(TWO, lines=[TWO.lines[0], replace(TWO.lines[1], sku="x")]), "unknown_product", "lines[1].sku"),
        (line(quantity=0), "out_of_range", "lines[0].quantity"),
        (line(quantity=-3), "out_of_range", "lines[0].quantity"),
        (line(quantity=1.5), "out_of_range", "lines[0].quantity"),
        (line(quantity=True), "out_of_range", "lines[0].quantity"),
        (line(quantity=10**9), "out_of_range", "lines[0].quantity"),
        (line(unit_price=-1), "out_of_range", "lines[0].unit_price"),
        (line(unit_price="1"), "out_of_range", "lines[0].unit_price"),
        (line(unit_price=10**12, quantity=100_000), "overflow", "lines[0].unit_price"),
        (line(id=""), "not_text", "lines[0].id"),
        (line(id="x" * 65), "not_text", "lines[0].id"),
        (replace(GOOD, shipping=-1), "out_of_range", "shipping"),
        (replace(GOOD, currency="USD"), "foreign_currency", "currency"),
        (replace(GOOD, buyer="nobody"), "unknown_buyer", "buyer"),
        (replace(GOOD, chosen=["x"]), "coupon_unknown", "chosen[0]"),
        (replace(GOOD, chosen=[str(n) for n in range(17)]), "too_many", "chosen"),
        (replace(GOOD, chosen=["x", "x"]), "twice", "chosen"),
        (replace(GOOD, explain="why"), "unknown", "explain"),
        (replace(GOOD, moment=NOW.replace(tzinfo=None)), "no_offset", "moment"),
    ],
)
def test_a_bad_cart_names_its_field(asked: Any, code: str, field: str) -> None:
    before = rows()
    with pytest.raises(Refusal) as refused:
        quote(asked, by=SHOP, now=NOW)
    assert (refused.value.code, refused.value.field, refused.value.status) == (code, field, 422)
    assert rows() == before


def test_another_merchants_goods_are_unknown_goods() -> None:
    willow = Viewer("key:willow", 2, frozenset({"quotes.write"}), channel="app")
    assert quote(cart(("t-01", 1, 9900)), by=willow, now=NOW).payable == 9900
    with pytest.raises(Refusal) as refused:
        quote(cart(("s-01", 1, 29900)), by=willow, now=NOW)
    assert (refused.value.code, refused.value.field) == ("unknown_product", "lines[0].sku")


def test_without_the_right_there_is_no_price() -> None:
    with pytest.raises(Forbidden):
        quote(GOOD, by=Viewer("key:x", 1, frozenset()), now=NOW)


def test_a_budget_two_offers_share_is_not_promised_twice() -> None:
    world.offer("a", type="amount", **{"with": {"off": 600}})
    world.offer("b", type="amount", **{"with": {"off": 700}})
    world.budget("platform", 1000)
    found = quote(cart(("t-01", 1, 9900)), by=SHOP, now=NOW)
    assert [(each["offer"], each["amount"]) for each in found.price["offers"]] == [("a", 600), ("b", 400)]
    assert found.payable == 8900


def two_coupons() -> dict[str, str]:
    """Mei holds a coupon of 5.00 and one of 8.00 that exclude each other."""
    for off in (500, 800):
        world.coupon(f"minus-{off}", stock=5, type="amount", **{"with": {"off": off}})
    tie = {"code": "x", "between": ["minus-500", "minus-800"]}
    world.release("exclusion", "x", tie, Merchant.objects.get(id=1))
    return {f"minus-{off}": claim(f"minus-{off}", "mei", by=SHOP, now=NOW, key=str(off)).coupon for off in (500, 800)}


def test_the_best_of_the_wallet_is_sought_and_can_be_held() -> None:
    mine = two_coupons()
    found = quote(cart(("t-01", 1, 9900), buyer="mei", chosen=BEST), by=SHOP, now=NOW)
    assert found.payable == 9100
    assert [each["id"] for each in found.price["coupons"]] == [mine["minus-800"]]
    held = hold(found.token, by=SHOP, now=NOW, key="h")
    assert list(held.coupons) == [mine["minus-800"]]
    again = quote(cart(("t-01", 1, 9900), buyer="mei", chosen=BEST), by=SHOP, now=NOW)
    assert again.payable == 9400, "the better one is tied to an order now"
    with pytest.raises(Refusal) as changed:
        hold(found.token, by=SHOP, now=NOW, key="other")
    assert changed.value.code == "quote_changed"
    assert redeem(held.hold, order="o-1", by=SHOP, now=NOW, key="r").paid == 9100


def test_the_best_of_no_wallet_is_nothing() -> None:
    assert quote(cart(("t-01", 1, 9900), chosen=BEST), by=SHOP, now=NOW).price["coupons"] == []
    assert quote(cart(("t-01", 1, 9900), buyer="tao", chosen=BEST), by=SHOP, now=NOW).payable == 9900


def test_better_names_what_would_save_more() -> None:
    mine = two_coupons()
    asked = cart(("t-01", 1, 9900), buyer="mei", chosen=[mine["minus-500"]], better=True)
    assert quote(asked, by=SHOP, now=NOW).price["better"] == {"gain": 300, "chosen": [mine["minus-800"]]}
    assert "better" not in quote(replace(asked, chosen=[mine["minus-800"]]), by=SHOP, now=NOW).price


def test_how_the_shopper_pays_is_a_fact() -> None:
    world.offer("card", when=[{"payment_method": {"any": ["lantern-card"]}}], **TEN_PERCENT)
    assert quote(cart(("t-01", 1, 9900), payment="lantern-card"), by=SHOP, now=NOW).payable == 8910
    assert quote(cart(("t-01", 1, 9900), payment="cash"), by=SHOP, now=NOW).payable == 9900
    with pytest.raises(Refusal) as refused:
        quote(cart(("t-01", 1, 9900), payment="x" * 33), by=SHOP, now=NOW)
    assert refused.value.field == "payment"


@pytest.mark.parametrize(
    ("portrait", "payable"), [({"birthday_month": 12}, 8910), ({"birthday_month": 6}, 9900), ({}, 9900)]
)
def test_the_month_of_the_birthday_is_the_portraits(portrait: dict[str, Any], payable: int) -> None:
    world.offer("born", when=[{"birthday_month": {"zone": "Asia/Shanghai"}}], **TEN_PERCENT)
    Shopper.objects.filter(code="mei").update(portrait=portrait)
    found = quote(cart(("t-01", 1, 9900), buyer="mei"), by=SHOP, now=NOW)
    assert found.payable == payable
    assert ("birthday_month" in token.open_token(found.token)["facts"]["buyer"]) == bool(portrait)


@pytest.mark.parametrize("odd", ["May", 0, 13, 12.0, None, True, [12], "012", 10**30])
def test_a_portrait_that_says_no_month_says_nothing(odd: Any) -> None:
    world.offer("born", when=[{"birthday_month": {}}], **TEN_PERCENT)
    Shopper.objects.filter(code="mei").update(portrait={"birthday_month": odd})
    assert quote(cart(("t-01", 1, 9900), buyer="mei"), by=SHOP, now=NOW).payable == 9900
