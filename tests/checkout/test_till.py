"""Verify at the till: one call, all or nothing, at the price the till showed."""

from dataclasses import replace

import pytest
from msgspec import structs

from festoon.checkout import till
from festoon.checkout.actions import verify
from festoon.checkout.holds import hold
from festoon.checkout.models import Redemption
from festoon.checkout.queries import visible
from festoon.checkout.quotes import quote
from festoon.checkout.refunds import refund
from festoon.checkout.request import QuoteRequest
from festoon.checkout.token import open_token
from festoon.coupons import guessing
from festoon.distribution.claims import claim
from festoon.ledger import accounts
from festoon.records import events
from festoon.records.canonical import digest
from festoon.records.refusal import Forbidden, KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.facts import BEST
from tests.checkout import world
from tests.checkout.world import NOW, TILL, cart, later

pytestmark = pytest.mark.django_db(transaction=True)
OFF_5 = {"type": "amount", "with": {"off": 500}}


def test_the_price_is_the_one_the_till_showed():
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=TILL, now=NOW, key="k")
    asked = cart(("t-01", 1, 9900), chosen=[mine.code])
    with pytest.raises(Refusal) as refused:
        verify(asked, payable=9300, by=TILL, now=NOW, key="v")
    assert (refused.value.code, refused.value.field, refused.value.status) == ("quote_changed", "payable", 409)
    assert refused.value.detail["differences"] == [{"what": "payable", "was": 9300, "is": 9400}]
    assert refused.value.detail["quote"]["payable"] == 9400
    assert visible(SYSTEM).count() == 0
    assert verify(asked, payable=9400, by=TILL, now=NOW, key="v").paid == 9400


@pytest.mark.parametrize(
    "other", [{"currency": "JPY"}, {"moment": later(minutes=1)}, {"moment": None}, {"chosen": list(BEST)}]
)
def test_with_one_key_another_currency_moment_or_choice_is_another_call(other):
    asked = cart(("t-01", 1, 9900), buyer="mei", chosen=BEST, moment=NOW)
    done = verify(asked, by=TILL, now=NOW, key="v")
    assert verify(asked, by=TILL, now=later(hours=1), key="v") == done, "asked again, by the moment it was asked for"
    with pytest.raises(KeyReused):
        verify(structs.replace(asked, **other), by=TILL, now=NOW, key="v")


def test_who_says_no_moment_is_answered_alike_an_hour_later():
    asked = cart(("t-01", 1, 9900))
    assert verify(asked, by=TILL, now=later(hours=1), key="v") == verify(asked, by=TILL, now=NOW, key="v")


def test_a_call_of_before_the_upgrade_finds_what_it_wrote():
    """Its row bears a hash that knew no currency."""
    asked = cart(("t-01", 1, 9900), currency="CNY", moment=NOW)
    done = verify(asked, order="slip", by=TILL, now=NOW, key="v")
    lines = [["a", "t-01", 1, 9900, None]]
    Redemption.objects.update(body=digest(["verify", lines, 0, "", [], "", "", "slip", None]))
    assert verify(asked, order="slip", by=TILL, now=NOW, key="v") == done
    with pytest.raises(KeyReused):
        verify(asked, order="another", by=TILL, now=NOW, key="v")


def test_the_best_of_the_wallet_at_the_till():
    world.coupon("c", stock=5, **OFF_5)
    claim("c", "mei", by=TILL, now=NOW, key="k")
    assert verify(cart(("t-01", 1, 9900), buyer="mei", chosen=BEST), by=TILL, now=NOW, key="v").paid == 9400


def test_what_another_took_meanwhile_is_priced_again(monkeypatch):
    world.offer("flash", scope={"sku": ["t-01"]}, type="flash_price", **{"with": {"price": 5000}})
    units = accounts.open_account(accounts.units("flash"), merchant_id=1, kind="units", unit="piece")
    accounts.fund(units, 1, at=NOW)
    plan, others = till.holding_plan, iter(["other"])

    def overtaken(found, **how):
        """Between our look and our write another till takes the last one."""
        made = plan(found, **how)
        for key in others:
            verify(cart(("t-01", 1, 9900)), by=TILL, now=NOW, key=key)
        return made

    monkeypatch.setattr(till, "holding_plan", overtaken)
    assert verify(cart(("t-01", 1, 9900)), by=TILL, now=NOW, key="v").paid == 9900
    assert quote(cart(("t-01", 1, 9900)), by=TILL, now=NOW).payable == 9900


def test_it_needs_the_right():
    with pytest.raises(Forbidden):
        verify(cart(("t-01", 1, 9900)), by=Viewer("key:x", 2, frozenset({"quotes.write"})), now=NOW, key="v")


def test_who_guesses_codes_at_the_till_is_stopped_and_a_right_one_counts_nothing(monkeypatch):
    monkeypatch.setitem(guessing.MOST, "person", 2)
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=TILL, now=NOW, key="k")
    assert verify(cart(("t-01", 1, 9900), chosen=[mine.code.lower()]), by=TILL, now=NOW, key="v").paid == 9400

    def said(code: str, by: Viewer = TILL) -> tuple[str, str, int]:
        with pytest.raises(Refusal) as refused:
            verify(cart(("t-01", 1, 9900), chosen=[code]), by=by, now=NOW, key="w")
        return refused.value.code, refused.value.field, refused.value.status

    assert [said("WRONG1"), said("WRONG2")] == [("coupon_unknown", "chosen[0]", 422)] * 2
    assert [said("WRONG3"), said(mine.code)] == [("too_many_tries", "chosen[0]", 429)] * 2
    assert said("WRONG4", replace(TILL, name="key:till"))[0] == "coupon_unknown", "a shop's key speaks for many"


def test_only_the_sum_is_known_until_somebody_looks():
    """Who looked is the bearer of the key, whatever the request says; the hold keeps the name, an event tells it."""
    world.coupon("c", stock=5, scope={"category": ["tea"]}, staff_may_confirm=True, **OFF_5)
    mine = claim("c", "mei", by=TILL, now=NOW, key="k")
    asked = QuoteRequest(lines=[], only_sum=12_000, chosen=[str(mine.code)])
    with pytest.raises(Refusal) as refused:
        verify(asked, by=TILL, now=NOW, key="v")
    assert refused.value.code == "not_served"
    assert refused.value.detail["verdicts"][0]["reason"] == "by_eye"
    assert visible(SYSTEM).count() == 0

    done = verify(structs.replace(asked, seen=["c"]), by=TILL, now=NOW, key="v")
    assert done.paid == 11_500
    kept = open_token(bytes(visible(SYSTEM).get().token).decode())
    assert (kept["facts"]["confirmed_by_eye"], kept["facts"]["confirmed_by"]) == (["c"], "person:gu")
    (told,) = [
        each for _, batch in events.read_after(0, 100) for each in batch if each["kind"] == "coupon.confirmed_by_eye"
    ]
    assert (told["seen"], told["confirmed_by"], told["order"]) == ("c", "person:gu", done.order)
    assert verify(structs.replace(asked, seen=["c"]), by=TILL, now=NOW, key="v") == done, "asked twice, done once"


def test_a_sum_that_is_held_too_late_is_priced_anew():
    """Fails where its one line is looked for in the catalogue, by who has no other."""
    world.offer("here", scope={"store": ["willow-west"]}, **OFF_5)
    staff = replace(TILL, rights=frozenset({"quotes.write", "holds.write"}))
    asked = quote(QuoteRequest(lines=[], only_sum=12_000), by=staff, now=NOW)
    with pytest.raises(Refusal) as refused:
        hold(asked.token, by=staff, now=asked.valid_until, key="h")
    assert (refused.value.code, refused.value.status) == ("quote_changed", 409)
    assert hold(asked.token, accept="lower_or_equal", by=staff, now=asked.valid_until, key="h").payable == 11_500


def test_nobody_may_look_where_the_coupon_does_not_say_so():
    world.coupon("c", stock=5, scope={"category": ["tea"]}, **OFF_5)
    mine = claim("c", "mei", by=TILL, now=NOW, key="k")
    with pytest.raises(Refusal) as refused:
        verify(QuoteRequest(lines=[], only_sum=12_000, chosen=[str(mine.code)], seen=["c"]), by=TILL, now=NOW, key="v")
    assert refused.value.code == "not_served"
    assert refused.value.detail["verdicts"][0]["reason"] == "goods_unknown"


def test_a_sum_of_its_own_store_comes_back_whole():
    world.offer("here", scope={"store": ["willow-west"]}, **OFF_5)
    done = verify(QuoteRequest(lines=[], only_sum=12_000), order="slip", by=TILL, now=NOW, key="v")
    assert done.paid == 11_500
    assert refund(done.redemption, {"1": 1}, by=TILL, now=NOW, key="f").amount == 11_500
