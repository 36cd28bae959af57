"""A bound is never less than what comes: every benefit on the shelf, on any basis, in any stage, at any turn before."""

import random

import pytest

from festoon.engine.cart import Cart
from festoon.engine.stages import BASES, STAGES
from festoon.engine.turn import turn
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook import benefits
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import anything, world

SOMEWHERE = ("percent", "amount", "spend_and_save")
"""Types that may stand in any stage: half of them are put into the stage that is asked about."""


def offer(rng: random.Random, code: str) -> dict:
    return {
        "code": "asked", "benefit": anything(rng, benefits.shelf, code), "priority": rng.choice([2, 3, 4]),
        "stage": STAGES[rng.choice(benefits.shelf[code].stages)],
        "threshold_basis": rng.choice(BASES), "percent_basis": rng.choice(BASES),
        "rounding": {
            "mode": rng.choice(["half_up", "floor", "ceiling"]), "of": rng.choice(["discount", "price"]),
            "per": rng.choice(["unit", "line", "order"]),
        },
        "weights": rng.choice(["value", "even", "quantity"]), "spill": rng.choice(["others", "lost"]),
        "group": rng.choice([None, None, "g"]),
    }  # fmt: skip


def bounds_and_worth(rng: random.Random, code: str) -> tuple[list[int], int]:
    """The bounds told before each of the turns that come first, and what the offer then saves on some of its rows."""
    data, facts = world(rng)
    asked_for = offer(rng, code)
    for one in data["offers"]:
        if one.get("type") in SOMEWHERE and asked_for["stage"] not in ("price", "shipping") and rng.random() < 0.5:
            one["stage"] = asked_for["stage"]
        if one.get("type") == "flash_price" and rng.random() < 0.4:
            facts.setdefault("availability", {})[one["code"]] = {"units": rng.choice([1, 2])}
    if rng.random() < 0.3:
        facts.setdefault("availability", {})["asked"] = rng.choice([{"units": 1}, {"budget": 60}])
    if rng.random() < 0.5:
        facts["buyer"]["level"] = "s0"
    if benefits.shelf[code].balance:
        asked_for["kind"] = "coupon"
        facts["wallet"].append({"id": "w-asked", "offer": "asked", "balance": rng.choice([1, 40, 250, 5000])})
        facts["chosen"] = facts["chosen"] if facts["chosen"] == "best" else [*facts["chosen"], "w-asked"]
    cart = Cart(read_book({**data, "offers": [*data["offers"], asked_for]}), read_facts(facts))
    codes = [one.code for one in cart.offers]
    if "asked" not in codes:
        return [], 0
    at, amounts, told = codes.index("asked"), cart.start, []
    asked = cart.offers[at]
    for k in range(at + 1):
        told.append(asked.benefit.most(View(cart, at, asked, cart.rows[at], amounts)))
        rows = sorted(rng.sample(cart.rows[k], rng.randrange(1, len(cart.rows[k]) + 1)))
        after = turn(cart, k, rows, amounts) if k == at or rng.random() < 0.7 else None
        if k == at:
            gave = after is not None and not isinstance(after, No)
            return told, after.saved + after.drawn - amounts.saved - amounts.drawn if gave else 0
        if after is not None and not isinstance(after, No):
            amounts = after
    raise AssertionError("the offer has its turn")


@pytest.mark.prove("engine")
@pytest.mark.parametrize("code", benefits.shelf.codes())
def test_no_benefit_gives_more_than_its_bound(code, rounds):
    for seed in rounds(small=400, large=20_000):
        told, worth = bounds_and_worth(random.Random(f"{code} {seed}"), code)
        assert not told or min(told) >= worth, f"{code}, seed {seed}: {worth} came of at most {told}"


@pytest.mark.parametrize("code", benefits.shelf.codes())
def test_the_random_carts_let_every_benefit_give(code):
    worth = [bounds_and_worth(random.Random(f"{code} {seed}"), code)[1] for seed in range(200)]
    assert any(worth) or code == "value_unknown"
