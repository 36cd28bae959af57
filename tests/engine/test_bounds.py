"""A bound is never less than what comes: every benefit on the shelf, on any basis, in any stage, at any turn before."""

import random
from itertools import chain

import pytest

from festoon.engine.bounds import Bounds
from festoon.engine.cart import Cart
from festoon.engine.rough import Rough
from festoon.engine.stages import BASES, STAGES
from festoon.engine.ties import Ties
from festoon.engine.turn import turn
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook import benefits
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import anything, world

SOMEWHERE = ("percent", "amount", "spend_and_save")
"""Types that may stand in any stage: half of them are put into the stage that is asked about."""


FOUND = {"member_price": (443, 1973)}
"""Carts at which a bound is too low that forgets: what one row cannot take goes to another."""


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
    for seed in chain(FOUND.get(code, ()), rounds(small=400, large=20_000)):
        told, worth = bounds_and_worth(random.Random(f"{code} {seed}"), code)
        assert not told or min(told) >= worth, f"{code}, seed {seed}: {worth} came of at most {told}"


@pytest.mark.parametrize("code", benefits.shelf.codes())
def test_the_random_carts_let_every_benefit_give(code):
    worth = [bounds_and_worth(random.Random(f"{code} {seed}"), code)[1] for seed in range(200)]
    assert any(worth) or code == "value_unknown"


def planned(rng: random.Random, bounds: Bounds) -> int:
    """A set that no exclusion of the order forbids, and that holds whatever nothing ties."""
    cart, ties, plan = bounds.cart, bounds.ties, 0
    for k in sorted(range(len(cart.offers)), key=lambda _: rng.random()):
        free = not ties.tied[k] & bounds.active and not cart.steps_aside(k)
        if bounds.active >> k & 1 and (free or (rng.random() < 0.8 and not ties.order[k] & plan)):
            plan |= 1 << k
    return plan


def sets_and_bounds(rng: random.Random) -> list[tuple[int, int]]:
    """At every turn of a set: (what the set then saves in all, what was told to be the most).

    The rough bound, asked at the same turns whether so much may come, never denies it.
    """
    data, facts = world(rng, 10)
    for one in data["offers"]:  # percentages that run are what is multiplied
        if one.get("type") == "percent" and rng.random() < 0.6:
            one.pop("percent_basis", None), one.pop("group", None)
            one["with"] = {"basis_points": one["with"]["basis_points"]}
    for one in facts["lines"] if rng.random() < 0.6 else ():
        one.pop("tag_floor", None)
    cart = Cart(read_book(data), read_facts(facts))
    ties = Ties(cart)
    amounts, mask, told, stood = cart.start, 0, [], []
    bounds = Bounds(cart, ties, (1 << len(cart.offers)) - 1)
    hollow = bounds.tell(amounts)
    bounds = Bounds(cart, ties, bounds.active & ~hollow)
    bounds.tell(amounts)
    plan = planned(rng, bounds)
    for k in range(len(cart.offers)):
        ahead = plan & -(1 << k)
        told.append(amounts.saved + bounds.rest(amounts, mask, ahead))
        stood.append((amounts, ahead))
        rows = ties.open_rows(k, amounts)
        after = turn(cart, k, rows, amounts) if (plan | hollow) >> k & 1 and rows else None
        if after is not None and not isinstance(after, No):
            assert not hollow >> k & 1
            amounts, mask = after, mask | 1 << k
    rough = Rough(cart, ties)
    assert all(rough.reaches(before, ahead, amounts.saved) for before, ahead in stood)
    return [(amounts.saved, most) for most in told]


@pytest.mark.prove("engine")
def test_no_set_saves_more_than_its_bound(rounds):
    for seed in rounds(small=600, large=100_000):
        for saved, most in sets_and_bounds(random.Random(seed)):
            assert saved <= most, f"seed {seed}: {saved} came of at most {most}"


def test_a_group_looks_at_what_its_first_one_saw():
    """Half off comes between two of a group: the later one takes its fifth of the whole price all the same."""
    percent = [("first", "item", 1, 1000), ("half", "item", 2, 5000), ("later", "item", 3, 2000)]
    offers = [
        {"code": code, "stage": stage, "priority": priority, "benefit": {"percent_off": {"basis_points": points}}}
        | ({} if code == "half" else {"group": "g"})
        for code, stage, priority, points in percent
    ]
    book = read_book({"festoon": 1, "currency": "CNY", "offers": offers})
    line = {"id": "1", "sku": "tea", "quantity": 1, "unit_price": 10_000}
    cart = Cart(book, read_facts({"currency": "CNY", "moment": "2026-12-12T12:00:00+08:00", "lines": [line]}))
    bounds = Bounds(cart, Ties(cart), 0b111)
    bounds.tell(cart.start)
    amounts = cart.start
    for k in range(3):
        after = turn(cart, k, [0], amounts)
        assert not isinstance(after, No)
        before, amounts = amounts.saved, after
    assert amounts.saved - before == 2000
    assert bounds.values[2] >= 2000
