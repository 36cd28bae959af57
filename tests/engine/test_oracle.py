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


TOLD = 19
"""A cart on which it is said."""


def told_exactly(data: dict, cart: dict) -> int:
    """How often it was said by how much an offer is beaten; each time the best legal set with it is worse by that."""
    quote = price(read_book(data), read_facts(cart), explain="full")
    told = {v.offer: v.worse_by for v in quote.verdicts if v.worse_by is not None}
    if told:
        oracle = Oracle(data, cart)
        members, end = oracle.best()
        chosen = set(oracle.chosen())
        legal = oracle.all_legal([o["code"] for o in oracle.offers])
        for code, worse_by in told.items():
            held = [(chosen & set(m), oracle.saved(s)) for m, s in legal if code in m]
            parts = [part for part, _ in held if not any(part < other for other, _ in held)]
            if code not in chosen:
                parts = [chosen & set(members)]
            assert oracle.saved(end) - max(saved for part, saved in held if part in parts) == worse_by >= 0
    return len(told)


@pytest.mark.prove("engine")
def test_by_how_much_an_offer_is_beaten_is_exact(rounds):
    assert told_exactly(*world(random.Random(TOLD)))
    for seed in rounds(small=400, large=20_000):
        told_exactly(*world(random.Random(seed)))
