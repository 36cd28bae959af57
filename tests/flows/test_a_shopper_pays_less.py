"""Mei claims, pays less and returns things one by one; every fen is accounted for."""

from festoon.checkout import actions as checkout
from festoon.coupons import queries as coupons
from festoon.distribution.claims import claim
from festoon.ledger.queries import standing
from festoon.records.viewer import SYSTEM
from tests.flows.counter import priced, units, verdicts

PLATFORM = "budget:double-12:discount:platform"


def spent(code: str) -> int:
    return standing(SYSTEM, [code])[code].spent


def test_mei_pays_less_and_returns_one_thing_after_the_other(cast):
    app, now = cast.machine("demo-app"), cast.now
    off_200 = claim("d12-shop-30", "mei", by=app, now=now, key="mei-1").coupon
    envelope = claim("d12-red-envelope", "mei", by=app, now=now, key="mei-2").coupon
    assert {c.id for c in coupons.wallet(app, "mei", now=now)} == {off_200, envelope}

    # 2 × 128.00 + 129.00 = 385.00; less 50.00, less 30.00, less 8.80; shipping 8.00 is free.
    quote = priced(cast, ("t-01", 2), ("s-05", 1), buyer="mei", shipping=800, chosen=(off_200, envelope))
    assert quote.price["totals"] == {
        "list": 39_300,
        "goods": 29_620,
        "shipping": 0,
        "discount": 9_680,
        "payable": 29_620,
    }
    assert units(quote) == [9_847, 9_848, 9_925]
    assert [gift["sku"] for gift in quote.price["gifts"]] == ["w-06"]

    held = checkout.hold(quote.token, by=app, now=now, key="mei-3")
    paid = checkout.redeem(held.hold, order="A-1", by=app, now=now, key="mei-4")
    assert (paid.paid, paid.late) == (29_620, False)
    assert spent(PLATFORM) == 9_680
    assert not coupons.wallet(app, "mei", now=now).exists()

    first = checkout.refund(paid.redemption, {"1": 1}, by=app, now=now, key="mei-5")
    assert (first.amount, dict(first.payers)) == (9_847, {"platform": 2_953})
    again = checkout.refund(paid.redemption, {"1": 1}, by=app, now=now, key="mei-5")
    assert again == first
    second = checkout.refund(paid.redemption, {"2": [1]}, by=app, now=now, key="mei-6")
    assert (second.amount, dict(second.payers)) == (9_925, {"platform": 2_975})
    last = checkout.refund(paid.redemption, {"1": [2]}, by=app, now=now, key="mei-7")
    assert last.refunded == last.paid == 29_620


def test_the_gold_coupon_pushes_out_what_it_excludes(cast):
    app = cast.machine("demo-app")
    gold = claim("d12-gold-12", "mei", by=app, now=cast.now, key="gold").coupon

    plain = priced(cast, ("t-01", 2), ("s-05", 1), buyer="mei")
    chosen = priced(cast, ("t-01", 2), ("s-05", 1), buyer="mei", chosen=(gold,))

    assert plain.payable == 38_500 - 5_000
    assert chosen.payable == 38_500 - 4_620, "12 % of 385.00, in place of 50.00"
    assert verdicts(plain)["d12-gold-12"] != "applied"
    assert verdicts(chosen)["d12-300-less-50"] == "excluded"


def test_tao_buys_for_the_first_time_and_only_once(cast):
    app, now = cast.machine("demo-app"), cast.now
    coupon = claim("wd-first-25", "tao", by=app, now=now, key="tao-1").coupon

    quote = priced(cast, ("b-02", 1), buyer="tao", chosen=(coupon,))
    assert quote.payable == 12_800 - 1_280 - 2_500
    held = checkout.hold(quote.token, by=app, now=now, key="tao-2")
    checkout.redeem(held.hold, order="A-2", by=app, now=now, key="tao-3")

    assert verdicts(priced(cast, ("b-02", 1), buyer="tao"))["wd-first-25"] == "buyer"


def test_three_cups_for_the_price_of_two(cast):
    # 59.00 + 39.00 + 39.00: the cheapest is free, paid by Willow alone.
    quote = priced(cast, ("w-01", 2), ("w-02", 1), buyer="rui")
    assert quote.payable == 9_800
    (cups,) = quote.price["offers"]
    assert (cups["offer"], cups["payers"]) == ("d12-cups-3-for-2", {"merchant:willow": 3_900})
