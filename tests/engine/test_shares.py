"""Shares stand beside the units they are of, for every offer, row and payer."""

import random

import pytest

from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import world
from tests.prove import Rounds

THREE = [{"payer": "maker", "basis_points": 3333}, {"payer": "merchant", "basis_points": 3333}]
THREE += [{"payer": "platform", "basis_points": 3334}]


@pytest.mark.prove("engine")
def test_one_part_for_each_unit_and_payer(rounds: Rounds) -> None:
    for seed in rounds(small=60, large=20_000):
        data, cart = world(random.Random(seed))
        for n, offer in enumerate(data["offers"]):
            if (seed + n) % 2:
                offer["payers"] = THREE
        quote = price(read_book(data), read_facts(cart))
        table, facts = quote.shares(), quote.play.cart.facts
        assert len(table) == len(facts.rows) + 1
        for given, count in zip(table, [*[row.quantity for row in facts.rows], 1], strict=True):
            for share in given:
                assert len(share.units) == count
                assert all(len(parts) == count for _, parts in share.payers)
                assert [sum(parts) for parts in zip(*[parts for _, parts in share.payers], strict=True)] == share.units
