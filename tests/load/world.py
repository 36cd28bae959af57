"""The workload: goods, 10,000 live promotions of which ten meet the carts, coupons, shoppers. The same for one seed.

The first ten promotions aim at the 200 products that carts are drawn from; every further one is live and aims at
other goods, so a cart costs more only where somebody looks at what does not concern it.
"""

from __future__ import annotations

from random import Random
from typing import Any

SEED = 20260
HOT, COLD, LIVE = 200, 2_000, 10_000
SHOPPERS = 50_000
HOLDERS = 500
"""So many of the shoppers hold coupons of each of the WALLET templates."""
WALLET = [f"load-wallet-{n}" for n in range(6)]
EXACT = ["load-exact-in-process", "load-exact-http", "load-exact-processes"]
"""Templates with a stock of 500, one for each way of claiming."""
HOT_COUPON, GONE, ENDS = "load-hot", "load-gone", "load-ends"
CAMPAIGN, SMALL = "load", "load-small-budget"
"""Two campaigns: one with money for ever, one whose budget ends in the run."""
SMALL_BUDGET = 300_000
DRAFTS = 60
"""Offers nobody has submitted: what the console's writers write about."""

Row = dict[str, Any]


def named(code: str, **more: Any) -> Row:
    return {"code": code, "name_en": code, "name_zh": code, **more}


def shopper(number: int) -> str:
    return f"load-{number:06}"


def attributes(number: int, cold: bool) -> Row:
    kind, categories, brands = ("c", 200, 200) if cold else ("h", 20, 20)
    return {
        "product": f"{kind}p{number}",
        "category": f"{kind}c{number % categories}",
        "brand": f"{kind}b{(number * 7 + 3) % brands}",
    }


def catalogue() -> dict[str, list[Row]]:
    """What each batch verb of the catalogue takes, in order."""
    chance = Random(SEED)
    goods = [(attributes(n, False), chance.randrange(5, 200) * 100) for n in range(HOT)]
    goods += [(attributes(n, True), 10_000) for n in range(COLD)]
    categories = sorted({each["category"] for each, _ in goods})
    return {
        "merchants": [named("lantern", currency="CNY", zone="Asia/Shanghai")],
        "categories": [named(code, path=code) for code in ["ends", *categories]],
        "brands": [named(code) for code in sorted({each["brand"] for each, _ in goods})],
        "products": [_product(each["product"], price, each) for each, price in goods]
        + [_product("e-1", 10_000, {"category": "ends", "brand": "hb0"})],
        "segments": [named("gold")],
        "shoppers": [{"code": shopper(n), "level": "gold" if n % 10 == 0 else ""} for n in range(SHOPPERS)],
        "memberships": [{"shopper": shopper(n), "segment": "gold"} for n in range(0, HOLDERS, 10)],
    }


def _product(sku: str, price: int, of: Row) -> Row:
    whose = {"category": of["category"], "brand": of["brand"], "merchant": "lantern"}
    words = {"name_en": sku, "name_zh": sku, "list_price": price}
    return {"sku": sku, "product": sku, **words, **whose}


HOT_SCOPES: list[Row] = [
    {"category": ["hc3"]}, {"brand": ["hb5"]}, {"category": ["hc14"]}, {"category": ["hc11"]}, {"brand": ["hb17"]},
    {"product": [f"hp{n}" for n in range(40, 50)]}, {"product": [f"hp{n}" for n in range(120, 130)]},
    {"brand": ["hb8"]}, {"category": ["hc8", "hc9"]}, {"product": [f"hp{n}" for n in range(180, 190)]},
]  # fmt: skip


def promotions() -> list[Row]:
    """10,000 in the offers-file form; every fourth of the ten asks who buys."""
    chance = Random(SEED)
    found = [promotion(n, scope, n % 4, chance) for n, scope in enumerate(HOT_SCOPES)]
    found[0]["when"] = [{"segment": {"any": ["gold"]}}]
    found[4]["when"] = [{"level": {"any": ["gold"]}}]
    for number in range(len(found), LIVE):
        attribute = chance.choices(["product", "category", "brand"], [50, 25, 25])[0]
        many = chance.randrange(1, 11) if attribute == "product" else chance.randrange(1, 3)
        values = sorted({attributes(chance.randrange(COLD), True)[attribute] for _ in range(many)})
        found.append(promotion(number, {attribute: values}, chance.choices(range(4), [35, 25, 25, 15])[0], chance))
    return found


def promotion(number: int, scope: Row, kind: int, chance: Random) -> Row:
    """Percent off, amount off, spend and save, buy some get one."""
    made = {
        "code": f"load-p{number:05}", "name": {"en": f"Offer {number}", "zh": f"优惠{number}"}, "scope": scope,
        "stage": "item", "priority": number, "campaign": CAMPAIGN,
        "payers": [{"payer": "platform", "basis_points": 10_000}],
    }  # fmt: skip
    if kind == 0:
        return made | {"type": "percent", "with": {"basis_points": chance.choice([500, 1000, 1500, 2000])}}
    if kind == 1:
        return made | {"type": "amount", "with": {"off": chance.choice([200, 300, 500])}}
    if kind == 2:
        tier = {"at": chance.choice([10_000, 20_000, 50_000]), "off": chance.choice([500, 800, 1000])}
        return made | {"type": "spend_and_save", "with": {"tiers": [tier]}}
    return made | {"type": "buy_x_get_y", "with": {"buy": chance.choice([2, 3]), "times": 1}}


def coupons() -> list[Row]:
    """Six kinds for wallets, one hot, one that is gone at once, one of 500 for each way of claiming."""
    stocks = {HOT_COUPON: 100_000_000, GONE: 1, **dict.fromkeys(EXACT, 500), **dict.fromkeys(WALLET, 1_000_000)}
    return [
        {
            "code": code, "name": {"en": code, "zh": code}, "type": "amount", "with": {"off": 1000 + at, "at": 5000},
            "scope": {"all": True} if code in WALLET else {"category": ["ends"]},
            "campaign": CAMPAIGN, "stock": stock, "days_from_claim": 30,
            "per_shopper": 1000 if code == HOT_COUPON else 1,
            "payers": [{"payer": "platform", "basis_points": 10_000}],
        }
        for at, (code, stock) in enumerate(stocks.items())
    ]  # fmt: skip


def shared() -> Row:
    """7.77 off the one product of the campaign whose money ends."""
    return {
        "code": ENDS, "name": {"en": ENDS, "zh": ENDS}, "type": "amount", "with": {"off": 777}, "campaign": SMALL,
        "scope": {"product": ["e-1"]}, "payers": [{"payer": "platform", "basis_points": 10_000}],
    }  # fmt: skip


def drafts() -> list[Row]:
    """Offers of no campaign that stay drafts."""
    return [
        {
            "code": f"load-draft-{n:02}", "name": {"en": "Draft", "zh": "草稿"}, "type": "amount", "with": {"off": 100},
            "scope": {"category": ["ends"]}, "payers": [{"payer": "platform", "basis_points": 10_000}],
        }
        for n in range(DRAFTS)
    ]  # fmt: skip


def pairs() -> list[tuple[str, str]]:
    """Every two of the drafts, in an order in which neighbours have nothing in common."""
    codes = [row["code"] for row in drafts()]
    found = [(a, b) for at, a in enumerate(codes) for b in codes[at + 1 :]]
    Random(SEED).shuffle(found)
    return found


def carts(lines: int, many: int = 200) -> list[list[Row]]:
    """Lines of a body of /v1/quotes; list prices."""
    chance, prices = Random(SEED), {row["sku"]: row["list_price"] for row in catalogue()["products"]}
    return [
        [
            {"id": f"l{at}", "sku": sku, "quantity": chance.choice([1, 1, 1, 2, 3]), "unit_price": prices[sku]}
            for at, sku in enumerate(chance.sample([f"hp{n}" for n in range(HOT)], lines))
        ]
        for _ in range(many)
    ]
