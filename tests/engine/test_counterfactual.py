"""What a verdict says is missing is what is missing: add it, and the offer applies, or something else is said.

One offer on one cart, so that nothing else stands in its way. Every reason that states a distance has to come up.
"""

import random
from itertools import combinations, combinations_with_replacement

import pytest

from festoon.engine.price import price
from festoon.rulebook import conditions
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import anything, line, offer
from tests.engine.oracle_terms import plain

REASONS = {
    "least_spend", "most_spend", "least_quantity", "most_quantity", "basket_contains", "tier", "step", "group", "bundle",
    "every", "spend", "add",
}  # fmt: skip
"""Everything that is said with a distance."""
MOST = 4
"""Distances in units up to this are tried out in every way."""


def verdict_of(data: dict, cart: dict) -> dict:
    """What is said of the one offer; nothing when its goods are not in the cart."""
    said = price(read_book(data), read_facts(cart)).to_data()["verdicts"]
    return said[0] if said else {"code": "elsewhere"}


def asked(rng: random.Random) -> tuple[dict, dict]:
    """One promotion that asks for something, and a small cart. Goods are named by what more of them can be bought by."""
    made = offer(rng, 0, "promotion")
    for name in ("window", "state", "payers", "campaign"):
        made.pop(name, None)
    gates = ("least_spend", "most_spend", "least_quantity", "most_quantity", "basket_contains")
    made["when"] = [anything(rng, conditions.shelf, rng.choice(gates))] if rng.random() < 0.4 else []
    for scope in goods_named(made):
        for name in ("list_price", "line"):
            scope.pop(name, None)
        if not scope or set(scope) <= {"all", "not_discounted"} or "line" in scope.get("except", {}):
            scope.clear()
            scope |= {"category": ["tea", "ware"]}
    if len(goods_named(made)) > 1:
        made["scope"] = {"all": True}  # else an offer may name goods that are not its own
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "shipping": rng.choice([0, 500]),
        "lines": [{**line(rng, i), "tag_floor": 0} for i in range(rng.randrange(1, 4))],
    }  # fmt: skip
    if any("most_spend" in one for one in made["when"]):
        cart["lines"] = [{**one, "quantity": 1} for one in cart["lines"]]  # so that any amount can be spent less
    return {"festoon": 1, "currency": "CNY", "offers": [made]}, cart


def goods_named(made: dict) -> list[dict]:
    """The scopes that an offer, its conditions and its benefit name."""
    read = plain(made)
    found = [made["scope"], *[c["goods"] for _, c in read["when"] if "goods" in c]]
    found += [read["with"][name] for name in ("goods", "bought", "given") if name in read["with"]]
    return found + [piece["goods"] for piece in read["with"].get("pieces", [])]


def one_of(scopes: list[dict]) -> dict:
    """A line that is in all of the scopes, where there may be one."""
    made: dict = {
        "id": "new",
        "sku": "new",
        "quantity": 1,
        "unit_price": 500,
        "category": [],
        "brand": "none",
        "merchant": "none",
    }
    for scope in scopes:
        for name in ("sku", "brand", "merchant", "category"):
            out = {v for other in scopes for v in other.get("except", {}).get(name, [])}
            values = [v for v in scope.get(name, []) if v not in out]
            if values and name == "category":
                made[name] = sorted({*made[name], values[0]})
            elif values:
                made[name] = values[0]
    return made


def candidates(made: dict, cart: dict) -> list[dict]:
    """Lines of which more could be bought: those of the cart, and such as the offer names."""
    named = goods_named(made)
    fresh = [one_of([scope]) for scope in named] + [one_of([made["scope"], scope]) for scope in named[1:]]
    fresh += [one_of([scope.get("except", {})]) for scope in named]
    return [*cart["lines"], *fresh, *({**one, "unit_price": 400} for one in fresh)]


def with_more(cart: dict, more: list[dict]) -> dict:
    """The cart with lines added."""
    lines = list(cart["lines"])
    for n, one in enumerate(more):
        lines.append({**one, "quantity": 1, "id": f"new-{n}"})
    return {**cart, "lines": lines}


def changes(made: dict, cart: dict, reason: str, unit: str, gap: int) -> list[dict]:
    """Every cart that differs by the distance."""
    if reason == "most_quantity":
        return [c for c in fewer(cart, gap) if c["lines"]] or [{**cart, "lines": [{**cart["lines"][0], "sku": "gone"}]}]
    if reason == "most_spend":
        counted = any(c.get("shipping") for _, c in plain(made)["when"])
        return [less(cart, gap, some, counted) for n in range(4) for some in combinations(range(len(cart["lines"])), n)]
    some = candidates(made, cart)
    if unit == "money":
        return [with_more(cart, [{**one, "unit_price": gap}]) for one in some] if gap > 0 else [cart]
    return [with_more(cart, list(more)) for more in combinations_with_replacement(some, gap)]


def less(cart: dict, gap: int, some: tuple[int, ...], shipping: bool) -> dict:
    """The cart with an amount less spent on some of its lines, and on shipping where that is counted."""
    lines = [dict(one) for one in cart["lines"]]
    for n in some:
        off = min(gap, lines[n]["unit_price"])
        lines[n]["unit_price"] -= off
        gap -= off
    return {**cart, "lines": lines, "shipping": max(0, cart["shipping"] - gap) if shipping else cart["shipping"]}


def fewer(cart: dict, units: int) -> list[dict]:
    """Every cart with so many units less."""
    if not units:
        return [cart]
    found = []
    for one in cart["lines"]:
        left = [{**o, "quantity": o["quantity"] - (o is one)} for o in cart["lines"]]
        found += fewer({**cart, "lines": [o for o in left if o["quantity"]]}, units - 1)
    return found


def outcome(rng: random.Random) -> tuple[str, bool] | None:
    """(the reason, whether the offer applied after the change it states); None where no distance is told."""
    data, cart = asked(rng)
    said = verdict_of(data, cart)
    asks = [name for name, _ in plain(data["offers"][0])["when"]]
    if said["code"] != "not_met" or "distance" not in said or len(set(asks)) < len(asks):
        return None  # of two conditions of one kind the other stands in its way
    reason, unit, gap = said["reason"], said["distance"]["unit"], said["distance"]["gap"]
    if unit == "count" and gap > MOST:
        return None
    (made,) = data["offers"]
    less = [verdict_of(data, c) for c in changes(made, cart, reason, unit, gap - 1)]
    assert all(v["code"] != "applied" for v in less), "less than that is enough"
    after = [verdict_of(data, c) for c in changes(made, cart, reason, unit, gap)]
    applied = any(v["code"] == "applied" for v in after)
    assert applied or any(v.get("reason") != reason for v in after), "that is not enough"
    return reason, applied


@pytest.mark.prove("engine")
def test_the_change_a_verdict_states_makes_the_offer_apply(rounds):
    met: dict[str, int] = {}
    for seed in rounds(small=300, large=50_000):
        if (found := outcome(random.Random(seed))) is not None:
            met[found[0]] = met.get(found[0], 0) + found[1]
    assert not met or set(met) <= REASONS


def test_every_reason_with_a_distance_comes_up_and_is_made_good():
    applied: set[str] = set()
    for seed in range(4000):
        found = outcome(random.Random(seed))
        applied |= {found[0]} if found is not None and found[1] else set()
        if applied == REASONS:
            return
    assert applied == REASONS
