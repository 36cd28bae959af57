"""Every case of every refund policy: what goes back, step by step."""

from pathlib import Path
from typing import Any

import pytest

from festoon.engine.price import price
from festoon.engine.refund import Back, refund, units_of
from festoon.records.located import read_located
from festoon.rulebook import refunds
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from festoon.rulebook.kept import applied, judged, policies
from tests.cases.test_cases import cart_of, offers_of

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("refunds/*.yaml"))
CASES = [(file.stem, case) for file in FILES for case in read_located(str(file)).data]


class Returns:
    """One order, from which units come back until none is left."""

    def __init__(self, data: dict, cart: dict) -> None:
        self.cart = cart
        self.price: Any = price(read_book(data), read_facts(cart)).to_data()
        self.book, self.policies = applied(data, self.price), policies(data, self.price)
        self.kept = units_of(self.price)
        self.gone: set[tuple[str, int]] = set()
        self.so_far = Back()

    def back(self, units: set[tuple[str, int]]) -> Back:
        """These units come back."""
        self.kept -= units
        now = refund(
            self.price, self.kept, self.gone, self.policies,
            lambda kept: judged(self.book, self.cart, self.price, kept), self.so_far,
        )  # fmt: skip
        self.gone |= units
        self.so_far.add(now)
        return now

    def lowest(self, asked: dict) -> set[tuple[str, int]]:
        """Of each line these unit numbers, or so many: the lowest that are kept."""
        found = set()
        for line, wanted in asked.items():
            left = sorted(unit for each, unit in self.kept if each == line)
            found |= {(line, unit) for unit in (left[:wanted] if isinstance(wanted, int) else wanted)}
        return found


def seen(now: Back, so_far: Back, expect: dict) -> dict:
    payers: dict[str, int] = {}
    for (_, payer), amount in now.borne.items():
        payers[payer] = payers.get(payer, 0) + amount
    offers: dict[str, int] = {}
    for (offer, _), amount in now.borne.items():
        offers[offer] = offers.get(offer, 0) + amount
    known = {
        "refund": now.amount,
        "owed": now.owed,
        "lines": {line: amount for line, amount in now.paid.items() if amount},
        "payers": {payer: amount for payer, amount in payers.items() if amount},
        "offers": {offer: amount for offer, amount in offers.items() if amount},
        "gifts": {sku: count for (_, sku), count in now.gifts.items() if count},
        "coupons": now.coupons,
        "so_far": so_far.amount,
    }
    return {name: known[name] for name in expect}


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['case']}" for file, case in CASES])
def test_case(file, case):
    order = Returns(offers_of(case), cart_of(case))
    assert order.price["totals"]["payable"] == case["paid"]
    for step in case["returns"]:
        expect = {name: value for name, value in step.items() if name != "units"}
        now = order.back(order.lowest(step["units"]))
        assert seen(now, order.so_far, expect) == expect, f"when {step['units']} came back"


def test_every_policy_has_its_cases():
    assert {file.stem for file in FILES} == set(refunds.shelf)
