"""Holding: the only door to the ledger, all or nothing, and only at the price that was promised."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from festoon.checkout import book, holds
from festoon.checkout.actions import cancel, expire_due, hold, quote, redeem
from festoon.checkout.holds import price_of
from festoon.checkout.queries import visible
from festoon.checkout.token import open_token
from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon
from festoon.distribution.claims import claim
from festoon.engine.price import price
from festoon.ledger import accounts, queries
from festoon.records.refusal import KeyReused, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.facts import read_facts
from tests.checkout import world
from tests.checkout.world import NOW, SHOP, cart, later
from tests.racing import race

pytestmark = pytest.mark.django_db
OFF_5 = {"type": "amount", "with": {"off": 500}}
OFF_10 = {"type": "amount", "with": {"off": 1000}}


def refusal(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value


def token(buyer: str = "", chosen: tuple[str, ...] = (), quantity: int = 1) -> str:
    return quote(cart(("t-01", quantity, 9900), buyer=buyer, chosen=chosen), by=SHOP, now=NOW).token


def standing(code: str) -> tuple[int, int, int]:
    found = queries.standing(SYSTEM, [code])[code]
    return found.granted, found.held, found.spent


def test_a_hold_reserves_what_each_payer_pays_and_ties_the_coupon() -> None:
    world.coupon("c", stock=5, payers=world.HALVES, **OFF_5)
    world.budget("platform", 10_000)
    world.budget("merchant:willow", 10_000)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    made = hold(token("mei", (mine.coupon,)), by=SHOP, now=NOW, key="h")
    assert (made.payable, made.coupons) == (9400, [mine.coupon])
    assert standing("budget:double-12:discount:platform") == (10_000, 250, 0)
    assert standing("budget:double-12:discount:merchant:willow") == (10_000, 250, 0)
    assert coupons.by_ids(SYSTEM, [mine.coupon])[mine.coupon].state == "held"


def test_a_held_price_can_be_replayed_from_its_row_to_the_byte() -> None:
    world.offer("a", **OFF_5)
    made = hold(token(quantity=3), by=SHOP, now=NOW, key="h")
    row = visible(SYSTEM).get(id=made.hold)
    facts = open_token(bytes(row.token).decode())["facts"]
    assert price(book.current(NOW, "CNY").book, read_facts(facts), explain="none").to_data() == price_of(row)


def test_the_same_key_gets_the_same_hold_and_another_body_is_refused() -> None:
    world.offer("a", **OFF_5)
    one = token()
    made = hold(one, by=SHOP, now=NOW, key="h")
    assert hold(one, by=SHOP, now=later(minutes=9), key="h") == made
    with pytest.raises(KeyReused):
        hold(token(quantity=2), by=SHOP, now=NOW, key="h")
    assert visible(SYSTEM).count() == 1


def test_replays_in_one_group_are_one_hold() -> None:
    world.offer("a", **OFF_5)
    world.budget("platform", 10_000)
    one = token()
    answers = race(8, lambda _: hold(one, by=SHOP, now=NOW, key="same"))
    assert [answer for answer in answers if answer != answers[0]] == []
    assert standing("budget:double-12:discount:platform") == (10_000, 500, 0)


def test_one_coupon_in_many_orders_at_once_is_held_by_one() -> None:
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    tokens = [token("mei", (mine.coupon,), quantity=n + 1) for n in range(8)]
    answers = race(8, lambda n: hold(tokens[n], by=SHOP, now=NOW, key=f"h{n}"))
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 7
    assert {answer.code for answer in refused} == {"quote_changed"}
    assert visible(SYSTEM).count() == 1


def test_a_budget_is_never_overspent_by_threads_that_race() -> None:
    world.offer("a", **OFF_10)
    world.budget("platform", 5_500)
    one = token()
    answers = race(12, lambda n: hold(one, by=SHOP, now=NOW, key=f"h{n}"))
    held = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(held) == 5
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"quote_changed"}
    assert standing("budget:double-12:discount:platform") == (5_500, 5_000, 0)


def test_flash_units_are_counted_by_unit() -> None:
    world.offer("flash", type="flash_price", **{"with": {"price": 5000}})
    account = accounts.open_account(accounts.units("flash"), merchant_id=1, kind="units", unit="piece")
    accounts.fund(account, 3, at=NOW)
    first = hold(token(quantity=2), by=SHOP, now=NOW, key="h1")
    assert first.payable == 10_000
    assert standing("units:flash") == (3, 2, 0)
    second = hold(token(quantity=2), by=SHOP, now=NOW, key="h2")
    assert second.payable == 5000 + 9900, "one unit was left"
    assert standing("units:flash") == (3, 3, 0)
    cancel(first.hold, by=SHOP, now=NOW)
    assert standing("units:flash") == (3, 1, 0)


def test_a_limit_for_each_shopper_counts_orders() -> None:
    world.offer("a", **OFF_5)
    world.per_shopper("a", 1)
    first = hold(token("mei"), by=SHOP, now=NOW, key="h1")
    assert first.payable == 9400
    assert quote(cart(("t-01", 1, 9900), buyer="mei"), by=SHOP, now=NOW).payable == 9900
    assert quote(cart(("t-01", 1, 9900), buyer="tao"), by=SHOP, now=NOW).payable == 9400


@pytest.mark.parametrize(("kind", "code"), [("offer", "a"), ("campaign", "double-12"), ("all", "all")])
def test_a_stop_works_from_its_commit_on_though_the_process_has_not_heard_of_it(kind: str, code: str) -> None:
    world.offer("a", **OFF_5)
    one = token()
    world.stop(kind, code)
    refused = refusal(lambda: hold(one, by=SHOP, now=NOW, key="h"))
    assert (refused.code, refused.status) == ("quote_changed", 409)
    assert refused.detail["quote"]["payable"] == 9900
    assert {"what": "payable", "was": 9400, "is": 9900} in refused.detail["differences"]
    assert visible(SYSTEM).count() == 0


def test_a_quote_outlives_a_new_book_but_not_its_ten_minutes() -> None:
    world.offer("a", **OFF_5)
    one = token()
    world.offer("b", **OFF_10)
    assert hold(one, by=SHOP, now=NOW, key="h1").payable == 9400, "the book of the quote"
    refused = refusal(lambda: hold(one, by=SHOP, now=later(minutes=10), key="h2"))
    assert refused.code == "quote_changed"
    again = hold(refused.detail["quote"]["token"], by=SHOP, now=later(minutes=10), key="h2")
    assert again.payable == 8400


def test_a_cheaper_price_is_held_at_once_where_that_was_said() -> None:
    world.offer("a", **OFF_5)
    one = token()
    world.offer("b", **OFF_10)
    late = later(minutes=11)
    assert refusal(lambda: hold(one, by=SHOP, now=late, key="h")).code == "quote_changed"
    assert hold(one, accept="lower_or_equal", by=SHOP, now=late, key="h").payable == 8400
    world.stop("offer", "a")
    world.stop("offer", "b")
    world.changed()
    assert refusal(lambda: hold(one, accept="lower_or_equal", by=SHOP, now=late, key="h2")).code == "quote_changed"


def test_tokens_that_are_not_ours_get_one_answer() -> None:
    world.offer("a", **OFF_5)
    good = token()
    middle = len(good) // 2
    bad = [
        "", "x", "ä", good[:-4], good + "AAAA", good[:middle] + ("A" if good[middle] != "A" else "B") + good[middle + 1 :],
        "A" * 500_000,
    ]  # fmt: skip
    for forged in bad:
        refused = refusal(partial(hold, forged, by=SHOP, now=NOW, key="h"))
        assert (refused.code, refused.field, refused.status) == ("token_forged", "token", 422)
    other = Viewer("key:willow", 2, frozenset({"*"}), channel="app")
    assert refusal(lambda: hold(good, by=other, now=NOW, key="h")).code == "token_forged"
    assert visible(SYSTEM).count() == 0


def test_cancel_gives_everything_back_once() -> None:
    world.coupon("c", stock=5, **OFF_5)
    world.budget("platform", 10_000)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k")
    made = hold(token("mei", (mine.coupon,)), by=SHOP, now=NOW, key="h")
    closed = cancel(made.hold, by=SHOP, now=NOW)
    assert closed.state == "cancelled"
    assert cancel(made.hold, by=SHOP, now=later(minutes=1)) == closed
    assert standing("budget:double-12:discount:platform") == (10_000, 0, 0)
    assert hold(token("mei", (mine.coupon,)), by=SHOP, now=NOW, key="h2").payable == 9400
    assert refusal(lambda: redeem(made.hold, by=SHOP, now=NOW, key="r")).code == "hold_closed"


def test_the_sweep_gives_back_what_ended_and_nothing_else() -> None:
    world.offer("a", **OFF_5)
    world.budget("platform", 10_000)
    hold(token(), by=SHOP, now=NOW, key="h1")
    hold(token(), by=SHOP, now=later(minutes=5), key="h2")
    assert expire_due(later(minutes=15)) == 1
    assert expire_due(later(minutes=15)) == 0
    assert standing("budget:double-12:discount:platform") == (10_000, 500, 0)


def test_a_hold_that_cannot_end_keeps_no_other_from_it_and_is_told_when_it_is_alone() -> None:
    world.coupon("c", stock=5, **OFF_5)
    mine = claim("c", "mei", by=SHOP, now=NOW, key="k").coupon
    stuck = hold(token("mei", (mine,)), by=SHOP, now=NOW, key="stuck")
    Coupon.objects.update(state="claimed")  # as no verb of ours leaves it
    others = [hold(token(), by=SHOP, now=NOW, key=f"k{n}").hold for n in range(2)]
    assert expire_due(later(minutes=16)) == 2
    assert {row.id: row.state for row in visible(SYSTEM)} == {stuck.hold: "held", **dict.fromkeys(others, "expired")}
    with pytest.raises(AssertionError, match="coupon.free"):
        expire_due(later(minutes=16))


def test_a_hold_that_was_redeemed_meanwhile_is_not_counted_as_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    made = hold(token(), by=SHOP, now=NOW, key="k")
    due = holds.queries.due

    def looked(*asked: Any) -> Any:
        found = list(due(*asked))
        redeem(made.hold, by=SHOP, now=NOW, key="r")
        return found

    monkeypatch.setattr(holds.queries, "due", looked)
    assert expire_due(later(minutes=16)) == 0


def test_another_merchants_hold_is_not_there() -> None:
    world.offer("a", **OFF_5)
    made = hold(token(), by=SHOP, now=NOW, key="h")
    willow = Viewer("key:willow", 2, frozenset({"*"}))
    with pytest.raises(NotFound):
        cancel(made.hold, by=willow, now=NOW)
    with pytest.raises(NotFound):
        redeem(made.hold, by=willow, now=NOW, key="r")
