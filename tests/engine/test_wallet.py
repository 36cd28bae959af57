"""The best of the wallet, beside every part of it tried by hand; and what `better` says."""

import random
from itertools import combinations

import pytest

from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import world


def worth(data: dict, cart: dict, chosen) -> tuple[int, int]:
    """(what choosing these saves, how many of them serve)."""
    quote = price(read_book(data), read_facts({**cart, "chosen": chosen}))
    return quote.play.amounts.saved, len(quote.coupons())


@pytest.mark.prove("engine")
def test_the_best_of_the_wallet_is_the_best_part_of_it(rounds):
    for seed in rounds(small=150, large=20_000):
        data, cart = world(random.Random(seed))
        if data["policy"] or any(o.get("always") for o in data["offers"]):
            continue
        ids = [held["id"] for held in cart["wallet"]]
        parts = [list(part) for n in range(len(ids) + 1) for part in combinations(ids, n)]
        saved, used = worth(data, cart, "best")
        tried = [worth(data, cart, part) for part in parts]
        assert saved == max(s for s, _ in tried)
        assert used <= min(n for s, n in tried if s == saved)


@pytest.mark.prove("engine")
def test_better_gains_what_it_says(rounds):
    for seed in rounds(small=100, large=10_000):
        data, cart = world(random.Random(seed))
        quote = price(read_book(data), read_facts(cart), better=True)
        if quote.better is None:
            continue
        gain, coupons = quote.better
        if not data["policy"]:
            assert worth(data, cart, coupons)[0] - quote.play.amounts.saved == gain


def test_better_is_in_the_quote():
    offers = [{"code": f"c{off}", "kind": "coupon", "type": "amount", "with": {"off": off}} for off in (100, 300)]
    data = {
        "festoon": 1, "currency": "CNY", "offers": offers,
        "exclusions": [{"code": "x", "between": ["c100", "c300"]}],
    }  # fmt: skip
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00Z", "lines": [{"id": "l", "sku": "a", "quantity": 1, "unit_price": 1000}],
        "wallet": [{"id": "w1", "offer": "c100"}, {"id": "w3", "offer": "c300"}], "chosen": ["w1"],
    }  # fmt: skip
    quote = price(read_book(data), read_facts(cart), better=True).to_data()
    assert quote["better"] == {"gain": 200, "chosen": ["w3"]}
    assert "better" not in price(read_book(data), read_facts({**cart, "chosen": ["w3"]}), better=True).to_data()
