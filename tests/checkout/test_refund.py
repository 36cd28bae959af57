"""Refunding: from the stored shares, by the unit, never more than was paid, and exactly that after the last."""

import random
from collections import Counter
from typing import Any

import pytest

from festoon.checkout import queries
from festoon.checkout.actions import hold, quote, redeem, refund
from festoon.checkout.answers import RedeemAnswer
from festoon.checkout.holds import price_of
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.test_hold import OFF_5, refusal, standing
from tests.checkout.world import NOW, SHOP, cart, later
from tests.prove import Rounds
from tests.racing import race

pytestmark = pytest.mark.django_db
PLATFORM, WILLOW = "budget:double-12:discount:platform", "budget:double-12:discount:merchant:willow"
THIRDS = [{"payer": "platform", "basis_points": 3333}, {"payer": "merchant:willow", "basis_points": 6667}]


def sold(*lines: tuple[str, int, int], shipping: int = 0, key: str = "k") -> RedeemAnswer:
    token = quote(cart(*lines, shipping=shipping), by=SHOP, now=NOW).token
    made = hold(token, by=SHOP, now=NOW, key=key)
    return redeem(made.hold, order="o-1", by=SHOP, now=NOW, key=key)


def test_units_come_back_with_what_was_paid_for_them_and_their_shares_go_to_their_payers() -> None:
    world.offer("a", payers=THIRDS, **OFF_5)
    world.budget("platform", 10_000)
    world.budget("merchant:willow", 10_000)
    done = sold(("t-02", 3, 3333), shipping=800)
    assert done.paid == 9999 - 500 + 800
    one = refund(done.redemption, {"a": [2]}, by=SHOP, now=later(days=9), key="f1")
    assert one.amount == 3333 - 167
    assert sum(one.payers.values()) == 167
    rest = refund(done.redemption, {"a": 2}, by=SHOP, now=later(days=9), key="f2")
    assert rest.lines[0].units == [1, 3]
    assert rest.shipping == 800, "goes back with the last unit"
    assert one.amount + rest.amount == done.paid
    assert rest.refunded == rest.paid
    assert standing(PLATFORM) == (10_000, 0, 0)
    assert standing(WILLOW) == (10_000, 0, 0)


def test_the_same_key_gives_back_once() -> None:
    world.offer("a", **OFF_5)
    done = sold(("t-02", 3, 3333))
    one = refund(done.redemption, {"a": 1}, by=SHOP, now=NOW, key="f")
    assert refund(done.redemption, {"a": 1}, by=SHOP, now=later(days=30), key="f") == one
    with pytest.raises(KeyReused):
        refund(done.redemption, {"a": 2}, by=SHOP, now=NOW, key="f")
    assert queries.redemption(SYSTEM, done.redemption).refunded == one.amount


def test_no_unit_comes_back_twice_however_many_ask_at_once() -> None:
    world.offer("a", **OFF_5)
    done = sold(("t-02", 3, 3333))
    answers = race(8, lambda n: refund(done.redemption, {"a": 1}, by=SHOP, now=NOW, key=f"f{n}"))
    given = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert sorted(unit for answer in given for line in answer.lines for unit in line.units) == [1, 2, 3]
    assert sum(answer.amount for answer in given) == done.paid
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"already_refunded"}


def test_a_refund_that_comes_between_is_seen_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its units without its amounts, or the other way round, once were a sum that could never be dealt out."""
    world.offer("a", **OFF_5)
    done, look, others = sold(("t-02", 3, 3333)), queries.in_turn, iter(["other"])

    def looked(*asked: Any) -> Any:
        for key in others:
            refund(done.redemption, {"a": 1}, by=SHOP, now=NOW, key=key)
        return look(*asked)

    monkeypatch.setattr(queries, "in_turn", looked)
    given = [refund(done.redemption, {"a": 1}, by=SHOP, now=NOW, key=key) for key in ("one", "other", "last")]
    assert [unit for each in given for line in each.lines for unit in line.units] == [2, 1, 3]
    assert sum(each.amount for each in given) == done.paid


@pytest.mark.parametrize(
    ("units", "code", "field"),
    [
        ({}, "empty", "units"),
        ({"x": 1}, "unknown_line", "units.x"),
        ({"a": 4}, "out_of_range", "units.a"),
        ({"a": 0}, "out_of_range", "units.a"),
        ({"a": [4]}, "unknown_unit", "units.a"),
        ({"a": [1, 1]}, "unknown_unit", "units.a"),
        ({"a": [0]}, "unknown_unit", "units.a"),
        ({"a": []}, "unknown_unit", "units.a"),
    ],
)
def test_what_was_not_sold_cannot_come_back(units: dict[str, int | list[int]], code: str, field: str) -> None:
    world.offer("a", **OFF_5)
    done = sold(("t-02", 3, 3333))
    refused = refusal(lambda: refund(done.redemption, units, by=SHOP, now=NOW, key="f"))
    assert (refused.code, refused.field) == (code, field)
    assert queries.refunds(SYSTEM).count() == 0


@pytest.mark.prove("refunds")
def test_after_the_last_unit_everything_has_gone_back_in_whatever_order_it_came(rounds: Rounds) -> None:
    world.offer("ten", type="percent", payers=THIRDS, **{"with": {"basis_points": 1000}})
    world.offer("minus", payers=THIRDS, priority=200, type="amount", **{"with": {"off": 701}})
    world.offer("ship", benefit={"free_shipping": {}}, payers=THIRDS, when=[{"least_quantity": {"quantity": 5}}])
    world.budget("platform", 10**9)
    world.budget("merchant:willow", 10**9)
    for seed in rounds(small=12, large=500):
        chance = random.Random(seed)
        lines = [
            ("t-01", chance.randint(1, 4), chance.randint(1, 9900)),
            ("t-02", chance.randint(1, 5), chance.randint(1, 99)),
        ]
        done = sold(*lines, shipping=chance.choice([0, 7, 800]), key=f"k{seed}")
        price = price_of(queries.redemption(SYSTEM, done.redemption).hold)
        units = [(line["id"], unit["unit"]) for line in price["lines"] for unit in line["units"]]  # type: ignore[attr-defined]
        chance.shuffle(units)
        paid, payers, count = 0, Counter[str](), 0
        while units:
            batch = [units.pop() for _ in range(min(len(units), chance.randint(1, 3)))]
            asked = {line: [n for each, n in batch if each == line] for line, _ in batch}
            given = refund(done.redemption, asked, by=SHOP, now=NOW, key=f"f{seed}-{count}")
            paid, count = paid + given.amount, count + 1
            payers.update(given.payers)
            assert paid <= done.paid
        assert paid == done.paid
        offers: list[dict[str, dict[str, int]]] = price["offers"]  # type: ignore[assignment]
        assert payers == sum((Counter(offer["payers"]) for offer in offers), Counter[str]())
        assert standing(PLATFORM)[1:] == standing(WILLOW)[1:] == (0, 0)
