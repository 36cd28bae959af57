"""Refunds of random orders under every policy: never more than was paid, and exactly that after the last unit.

Invariants I-8 to I-12: by line, order and payer; what the stored policy says, by an own reckoning; coupons once.
"""

import random
from collections import Counter

import pytest

from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.cases.test_refunds import Returns
from tests.engine import carts
from tests.prove import Rounds

PAYERS = (
    [{"payer": "platform", "basis_points": 10_000}],
    [{"payer": "platform", "basis_points": 3333}, {"payer": "merchant", "basis_points": 6667}],
    [{"payer": "maker", "basis_points": 1}, {"payer": "platform", "basis_points": 9999}],
    [{"payer": p, "basis_points": 2500} for p in ("merchant:kite", "platform", "maker", "merchant:willow")],
)
ONE = {"keep": ["keep"], "claw_back": ["claw_back"], "convert": ["convert"], "mixed": ["keep", "claw_back", "convert"]}


def order(rng: random.Random, policies: list[str]) -> tuple[dict, dict]:
    """(offers file, cart): small, larger, and now and then thirty lines of up to ninety-nine units; thresholds near it."""
    size = rng.random()
    many, most = (5, 4) if size < 0.8 else (12, 12) if size < 0.97 else (30, 99)
    many = rng.randint(1, many)
    lines = [carts.line(rng, i) | {"quantity": rng.randint(1, most)} for i in range(many)]
    coupons = rng.choice([0, 1, 1, 2])
    offers = [carts.offer(rng, i, "promotion") for i in range(rng.randint(1, 4))]
    offers += [carts.offer(rng, i, "coupon") for i in range(coupons)]
    whole = sum(line["unit_price"] * line["quantity"] for line in lines)
    if rng.random() < 0.6:
        tier = {"at": max(1, whole * rng.randint(4, 10) // 10), "basis_points": rng.choice([1000, 3333, 6000, 9000])}
        offers[0].pop("benefit", None)
        offers[0] |= {"type": "spend_and_save", "with": {"tiers": [tier]}, "scope": {"all": True}, "stage": "item"}
    for one in offers:
        one["payers"] = rng.choice(PAYERS)
        policy = rng.choice([name for name in policies if one["kind"] == "coupon" or name != "convert"] or ["keep"])
        one["refund"] = {policy: {"keeps_gifts": rng.random() < 0.3}}
    chosen = [f"w-{one['code']}" for one in offers if one["kind"] == "coupon"]
    wallet = [{"id": name, "offer": name[2:], "balance": rng.choice([40, 250, 5000])} for name in chosen]
    codes = [one["code"] for one in offers]
    excluded = [{"code": "x", "between": codes[:2], "grain": "line"}] if len(codes) > 1 and rng.random() < 0.2 else []
    file = {"festoon": 1, "currency": "CNY", "offers": offers, "exclusions": excluded}
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "buyer": {"id": "mei", "level": "gold"},
        "lines": lines, "shipping": rng.choice([0, 7, 800]), "wallet": wallet, "chosen": chosen,
    }  # fmt: skip
    return file, cart


def batches(rng: random.Random, units: set) -> list[set]:
    """The units in random order and in random parts."""
    left, parts = sorted(units), list[set]()
    rng.shuffle(left)
    most = rng.randint(2, 6)
    while left:
        n = len(left) if len(parts) + 1 == most else rng.randint(1, len(left))
        parts.append(set(left[:n]))
        left = left[n:]
    return parts


def payable(file: dict, cart: dict, sold: dict, kept: set) -> int:
    """What the kept units cost by the offers that were applied: reckoned from the words, not from the code."""
    if not kept:
        return 0
    codes = [each["offer"] for each in sold["offers"]]
    coupons = [each["coupon"] for each in sold["offers"] if each["coupon"]]
    took = {each["offer"]: each["amount"] for each in sold["offers"]}
    again = dict(cart)
    again["lines"] = []
    for line in cart["lines"]:
        count = len([1 for each, _ in kept if each == line["id"]])
        if count:
            again["lines"].append({**line, "quantity": count})
    again["chosen"] = [held for held in cart["chosen"] if held in coupons]
    again["wallet"] = []
    for held in cart["wallet"]:
        if held["id"] in coupons:
            one = next(one for one in file["offers"] if one["code"] == held["offer"])
            again["wallet"].append({**held, "balance": took[held["offer"]]} if purse(one) else held)
    narrow = {**file, "offers": [one for one in file["offers"] if one["code"] in codes]}
    narrow["exclusions"] = [x for x in file["exclusions"] if set(x["between"]) <= set(codes)]
    return price(read_book(narrow), read_facts(again)).payable


def purse(one: dict) -> bool:
    """Whether the offer pays from a balance."""
    kind, form = (one["type"], one.get("with") or {}) if "type" in one else next(iter(one["benefit"].items()))
    return kind in ("allowance", "allowance_by_tier", "balance_off") or bool(form.get("divisible"))


class Watched(Returns):
    """An order of which every step is watched."""

    def __init__(self, file: dict, cart: dict, policies: list[str]) -> None:
        super().__init__(file, cart)
        self.file, self.names = file, policies
        assert self.so_far.owed == 0
        self.paid = {line["id"]: line["payable"] for line in self.price["lines"]}
        self.paid[""] = self.price["shipping"]["payable"]
        self.borne = {(one["offer"], who): n for one in self.price["offers"] for who, n in one["payers"].items() if n}

    def step(self, units: set) -> None:
        before, listed = self.so_far.amount, self.listed(units)
        now = self.back(units)
        assert self.so_far.owed == now.owed
        assert min([*now.paid.values(), *now.borne.values(), *now.gifts.values(), now.owed, 0]) == 0
        assert now.amount + sum(now.borne.values()) == listed, "what comes back is divided, no cent more or less"
        assert all(n <= self.paid[line] for line, n in self.so_far.paid.items()), "more than was paid for a line"
        assert all(n <= self.borne.get(who, 0) for who, n in self.so_far.borne.items()), "more than a payer paid"
        if self.names in (["keep"], ["convert"]):
            assert (now.amount, now.owed) == (self.stored(units), 0)
        if self.names == ["claw_back"]:
            due = sum(self.paid.values()) - payable(self.file, self.cart, self.price, self.kept) - before
            assert now.amount == min(max(0, due), listed)
            assert now.owed == max(0, -due)

    def end(self) -> None:
        assert {line: n for line, n in self.so_far.paid.items() if n} == {line: n for line, n in self.paid.items() if n}
        assert {who: n for who, n in self.so_far.borne.items() if n} == self.borne
        back = [o["coupon"] for o in self.price["offers"] if o["coupon"] and self.policies[o["offer"]].coupon_back]
        assert sorted(self.so_far.coupons) == sorted(back), "each coupon once"
        gifts = Counter[tuple[str, str]]()
        for gift in self.price["gifts"]:
            if not self.policies[gift["offer"]].keeps_gifts:
                gifts[gift["offer"], gift["sku"]] += gift["quantity"]
        assert +Counter(self.so_far.gifts) == +gifts

    def listed(self, units: set) -> int:
        """The list price of units; with the last of the order, of shipping too."""
        fee = self.price["shipping"]["list"] if units >= self.kept else 0
        return fee + sum(line["unit_price"] for line in self.price["lines"] for each, _ in units if each == line["id"])

    def below_zero(self) -> bool:
        """Whether a payer's part of a unit is below zero: three payers share one cent, and the last has the rest."""
        parts = [unit for line in self.price["lines"] for unit in line["units"]] + [self.price["shipping"]]
        return any(part < 0 for unit in parts for each in unit["shares"] for part in each["payers"].values())

    def stored(self, units: set) -> int:
        """What was paid for these units; with the last, for shipping."""
        fee = 0 if self.kept else self.price["shipping"]["payable"]
        parts = [(line["id"], unit) for line in self.price["lines"] for unit in line["units"]]
        return fee + sum(unit["payable"] for line, unit in parts if (line, unit["unit"]) in units)


@pytest.mark.prove("refunds")
@pytest.mark.parametrize("policies", ONE.values(), ids=ONE)
def test_never_more_than_was_paid_and_exactly_that_after_the_last_unit(policies: list[str], rounds: Rounds) -> None:
    for seed in rounds(small=50, large=25_000):
        rng = random.Random(seed)
        sold = Watched(*order(rng, policies), policies)
        for units in batches(rng, set(sold.kept)):
            sold.step(units)
        sold.end()


@pytest.mark.prove("refunds")
def test_in_whatever_order_units_come_back_a_policy_that_keeps_gives_the_same(rounds: Rounds) -> None:
    for seed in rounds(small=50, large=10_000):
        rng = random.Random(seed)
        file, cart = order(rng, ["keep", "convert"])
        some = None
        for _ in range(2):
            sold = Watched(file, cart, ["keep", "convert"])
            part = some if some is not None else set(rng.sample(sorted(sold.kept), rng.randint(1, len(sold.kept))))
            for units in batches(rng, part):
                sold.back(units)
            payers = +Counter(sold.so_far.borne) if not sold.below_zero() else sold.so_far.borne.keys()
            found = +Counter(sold.so_far.paid), payers, set(sold.so_far.coupons)
            if some is None:
                some, first = part, found
            assert found == first
