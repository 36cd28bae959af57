"""The engine beside a slow second one that tries every set: the same price, the same offers, the same shares."""

import random

import pytest

from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import world
from tests.engine.oracle import Oracle


def compare(data: dict, cart: dict) -> None:
    quote = price(read_book(data), read_facts(cart))
    oracle = Oracle(data, cart)
    members, end = oracle.best()
    assert quote.optimal
    assert sorted(offer.code for offer, _ in quote.applied()) == sorted(members)
    took = {code: sum(sum(u) for u in rows.values()) for code, rows in end.took.items()}
    assert {o.code: amount for o, amount in quote.applied()} == {c: took.get(c, 0) for c in members}
    assert quote.payable == sum(sum(units) for units in end.values.values())
    units = [[value - 0 for value in end.values[r]] for r in range(len(oracle.goods))]
    shares = quote.shares()
    paid = [
        [row.unit_price - sum(s.units[i] for s in shares[r]) for i in range(row.quantity)]
        for r, row in enumerate(quote.play.cart.facts.rows)
    ]
    assert paid == units


@pytest.mark.prove("engine")
def test_the_choice_is_the_best_legal_one(rounds):
    for seed in rounds(small=400, large=200_000):
        compare(*world(random.Random(seed)))
