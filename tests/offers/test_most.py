"""The most an offer can give: orders drawn on its limits never take more."""

import random
from pathlib import Path

import pytest
import yaml

from festoon.catalog.goods import Goods
from festoon.engine.price import price
from festoon.offers.giving import Giving
from festoon.offers.most import most_of
from festoon.presets import house
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.desk import GOODS, NOW

PRESETS = [yaml.safe_load(path.read_text()) for path in sorted(Path(next(iter(house.__path__))).glob("*.yaml"))]
BASES = ("list", "entry", "running")
BESIDE = {
    "code": "beside", "name": {"en": "b", "zh": "b"}, "type": "buy_x_get_y", "with": {"buy": 1}, "scope": {"all": True},
}  # fmt: skip
PATHS = {"green-tea": ["tea", "green-tea"], "oolong": ["tea", "oolong"]}


def shelf():
    lines = {
        each["sku"]: {
            "category": PATHS.get(each["category"], [each["category"]]), "merchant": each["merchant"], "tags": [],
        }
        for each in GOODS
    }  # fmt: skip
    return Goods(None, lines, {each["sku"]: each["list_price"] for each in GOODS}, {})


def filled(value, given):
    if isinstance(value, dict):
        pairs = {name: filled(each, given) for name, each in value.items()}
        return {name: each for name, each in pairs.items() if each is not None}
    if isinstance(value, list):
        return [filled(each, given) for each in value]
    return given.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value


def drawn_offer(seed, draw):
    """A house preset, now and then without what may be left out, its amounts shrunk to what small baskets reach."""
    preset = PRESETS[seed % len(PRESETS)]
    scale = draw.choice((1, 1, 2, 5))
    given = {
        each["name"]: each["example"] // scale if each["kind"] == "money" else each["example"]
        for each in preset["open"]
        if not (each.get("optional") and draw.random() < 0.5)
    }
    rules = filled(preset["rules"], given)
    rules.pop("when", None)
    rules["scope"] = draw.choice(({"all": True}, {"category": ["tea"]}, rules.get("scope") or {"all": True}))
    if rules["type"] == "gift":
        rules["with"] |= draw.choice(({}, {"quantity": 3}, {"every": 9000}, {"every": 9000, "times": 2})) | {
            "value": 1400
        }
    if rules["type"] == "percent":
        rules["rounding"] = {"mode": draw.choice(("half_up", "ceiling")), "per": draw.choice(("line", "unit", "order"))}
    if draw.random() < 0.3:
        rules["threshold_basis"] = draw.choice(BASES)
    kind = draw.choice(("promotion", "coupon")) if rules["type"] == "gift" else preset["kind"]
    return {"kind": kind, **rules, "code": "it", "name": {"en": "x", "zh": "x"}}


def basket(draw, have, coupon):
    skus = draw.sample(sorted(have.prices), draw.randint(1, 4))
    lines = [
        {
            **have.lines[sku],
            "id": sku,
            "sku": sku,
            "quantity": draw.choice((1, 1, 2, 3, 8)),
            "unit_price": have.prices[sku],
        }
        for sku in skus
    ]
    wallet = {"wallet": [{"id": "c", "offer": "it", "balance": coupon}], "chosen": ["c"]} if coupon is not None else {}
    return {"currency": "CNY", "moment": NOW.isoformat(), "lines": lines, "shipping": 1200, **wallet}


def taken(book, cart):
    """What it took off, what its gifts are worth, and how many of its pieces went."""
    quote = price(book, read_facts(cart)).to_data()
    units = [unit for line in quote["lines"] for unit in line["units"]]
    pieces = sum(any(share["offer"] == "it" for share in unit["shares"]) for unit in units)
    given = [each for each in quote["gifts"] if each["offer"] == "it"]
    money = sum(each["amount"] for each in quote["offers"] if each["offer"] == "it")
    return money, sum(each["value"] for each in given), pieces + sum(each["quantity"] for each in given)


@pytest.mark.prove("most")
def test_orders_never_take_more_than_is_told(rounds):
    have, told_of = shelf(), set()
    for seed in rounds(small=216, large=100_000):
        draw = random.Random(seed)
        data = drawn_offer(seed, draw)
        coupon, limit = data["kind"] == "coupon", draw.randint(1, 12)
        face = 1000 if data["type"] == "allowance" else None
        buyers = draw.choice((None, None, 2))
        told = most_of(Giving(data, limit, buyers, face), have)
        beside = [BESIDE] if draw.random() < 0.4 else []
        book = read_book({"festoon": 1, "currency": "CNY", "zone": "UTC", "offers": [data, *beside]})
        left, money, gifts, orders = limit, 0, 0, 0
        balance = (face or data["with"].get("amount", 0)) if coupon else None
        for _order in range(30):
            cut, worth, pieces = taken(book, basket(draw, have, balance))
            used = int(bool(cut or worth)) if coupon else pieces
            if used and used <= left and orders != buyers:
                left, money, gifts, orders = left - used, money + cut, gifts + worth, orders + 1
        for kind, amount in (("discount", money), ("gifts", gifts)):
            assert told.get(kind, 0) is None or amount <= told.get(kind, 0), (seed, data, limit, told, money, gifts)
        if any(amount and amount in (money, gifts) for amount in told.values()):
            told_of.add(data["type"])
    assert {"amount", "gift"} <= told_of, "some are told no higher than it comes to"
