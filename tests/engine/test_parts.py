"""Parts of a cart that do not touch are chosen apart, and each only once."""

import random

import pytest

from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import tied_world


def narrow(one: dict) -> bool:
    """Whether a promotion is about some skus alone."""
    about = list(one.get("scope") or {}) == ["sku"] and one["kind"] == "promotion"
    alone = not {"group", "when", "exclusive"} & set(one)
    return about and alone and one.get("stage") in ("item", "store", "platform")


def renamed(prefix: str, thing):
    """The same with every sku under a prefix, however deep it stands: what is bought, what is given, what is added."""
    if isinstance(thing, list):
        return [renamed(prefix, one) for one in thing]
    if not isinstance(thing, dict):
        return thing
    skus = {"sku": prefix + thing["sku"]} if isinstance(thing.get("sku"), str) else {}
    skus = {"sku": [prefix + sku for sku in thing["sku"]]} if isinstance(thing.get("sku"), list) else skus
    return {name: renamed(prefix, value) for name, value in thing.items()} | skus


def named(prefix: str, data: dict, cart: dict) -> tuple[dict, dict]:
    """The narrow promotions of a world, with every code and sku under a prefix."""
    offers = [{**renamed(prefix, one), "code": prefix + one["code"]} for one in data["offers"] if narrow(one)]
    codes = {one["code"] for one in offers}
    exclusions = [
        {**x, "code": prefix + x["code"], "between": [prefix + code for code in x["between"]]}
        for x in data["exclusions"]
        if {prefix + code for code in x["between"]} <= codes
    ]
    lines = [{**row, "id": prefix + row["id"], "sku": prefix + row["sku"]} for row in cart["lines"]]
    empty = {"wallet": [], "chosen": [], "shipping": 0, "availability": {}}
    made = {**data, "offers": offers, "exclusions": exclusions, "distributions": []}
    return made, {**cart, **empty, "lines": lines}


@pytest.mark.prove("engine")
def test_what_is_best_in_each_of_two_parts_is_best_in_both(rounds):
    searched = 0
    for seed in rounds(small=150, large=10_000):
        world = tied_world(random.Random(seed))
        (data, cart), (other, more) = named("", *world), named("z", *world)
        if not data["offers"]:
            continue
        alone = price(read_book(data), read_facts(cart))
        data = {**data, **{name: data[name] + other[name] for name in ("offers", "exclusions")}}
        both = price(read_book(data), read_facts({**cart, "lines": cart["lines"] + more["lines"]}))
        assert both.optimal
        assert both.discount == 2 * alone.discount
        assert sorted(o.code for o, _ in both.applied()) == sorted(
            prefix + o.code for o, _ in alone.applied() for prefix in ("", "z")
        )
        assert both.steps == 2 * alone.steps, "a tree for both together would be their product"
        searched += alone.steps > 0
    assert searched
