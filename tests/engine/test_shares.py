"""Shares stand beside the units they are of, for every offer, row and payer."""

import random
from typing import Any

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


def test_each_of_several_prices_of_a_row_has_its_own_units() -> None:
    prices: list[dict[str, Any]] = [
        {"code": f"f{price}", "type": "flash_price", "with": {"price": price, **units}, "payers": THREE}
        for price, units in ((800, {"units": 1}), (900, {"units": 1}), (950, {"units": 1}), (990, {}))
    ]
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00",
        "lines": [{"id": "l1", "sku": "tea", "quantity": 5, "unit_price": 1000}],
    }  # fmt: skip
    quote = price(read_book({"festoon": 1, "currency": "CNY", "offers": prices}), read_facts(cart))
    shares = quote.shares()[0]
    assert [share.units for share in shares] == [
        [200, 0, 0, 0, 0],
        [0, 100, 0, 0, 0],
        [0, 0, 50, 0, 0],
        [0, 0, 0, 10, 10],
    ]
    assert [share.paid(0, 5) for share in shares][3] == {"maker": 6, "platform": 14}
    assert all(len(parts) == 5 for share in shares for _, parts in share.payers)


def test_what_a_percentage_of_three_leaves_over_goes_to_the_first_of_them() -> None:
    silver = {"member_price": {"levels": [{"level": "silver", "basis_points": 500}]}}
    data = {"festoon": 1, "currency": "CNY", "offers": [{"code": "silver", "benefit": silver}]}
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "buyer": {"level": "silver"},
        "lines": [{"id": "l1", "sku": "tea", "quantity": 3, "unit_price": 333}],
    }  # fmt: skip
    (share,) = price(read_book(data), read_facts(cart)).shares()[0]
    assert share.units == [17, 17, 16]


def test_what_follows_a_price_is_divided_by_what_each_unit_costs_then() -> None:
    offers = [
        {"code": "flash", "type": "flash_price", "with": {"price": 500, "units": 1}},
        {"code": "less", "type": "amount", "with": {"off": 300}},
    ]
    line = {"id": "l1", "sku": "tea", "quantity": 3, "unit_price": 1000}
    cart = {"currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "lines": [line]}
    book = read_book({"festoon": 1, "currency": "CNY", "offers": offers})
    for floor, parts in ((0, [60, 120, 120]), (450, [50, 125, 125])):
        line["tag_floor"] = floor
        flash, less = price(book, read_facts(cart)).shares()[0]
        assert (flash.units, less.units) == ([500, 0, 0], parts)
