"""A shop for the price tags: 50,000 goods, 10,000 live offers of the usual kinds, a page of 200, a wallet of four."""

from __future__ import annotations

from random import Random
from typing import Any

PRODUCTS, CATEGORIES, BRANDS, MERCHANTS = 50_000, 1_000, 1_500, 1_000
OFFERS, SKUS = 10_000, 200
CURRENCY, MOMENT = "CNY", "2026-12-12T10:00:00+08:00"
EVERYWHERE = 2
"""Offers for all goods: the platform's own."""
COUPONS = 12
"""Of so many offers one is a coupon."""


def good(n: int) -> dict[str, Any]:
    """One of the goods, as a line of a cart describes it."""
    group = n % CATEGORIES
    return {
        "sku": f"s-{n}", "product": f"p-{n // 2}", "category": [f"c-{group % 40}", f"c-{group % 40}-{group}"],
        "brand": f"b-{n * 7 % BRANDS}", "merchant": f"m-{n * 3 % MERCHANTS}", "unit_price": 1_000 + n * 37 % 90_000,
        "tag_floor": 200, "tags": ["new"] if n % 9 == 0 else [],
    }  # fmt: skip


def page(chance: Random) -> list[dict[str, Any]]:
    """The goods of one page."""
    return [good(n) for n in sorted(chance.sample(range(PRODUCTS), SKUS))]


def _scope(chance: Random) -> dict[str, Any]:
    kind = chance.choices(("sku", "brand", "category", "merchant"), (80, 7, 7, 6))[0]
    if kind == "sku":
        return {"sku": sorted({f"s-{chance.randrange(PRODUCTS)}" for _ in range(chance.randrange(1, 12))})}
    few = {str(good(chance.randrange(PRODUCTS))[kind]) if kind != "category" else "" for _ in range(2)}
    if kind == "category":
        few = {good(chance.randrange(PRODUCTS))["category"][1] for _ in range(2)}
    return {kind: sorted(few)}


def _gives(chance: Random) -> dict[str, Any]:
    kind = chance.choices(("percent", "amount", "spend", "flash", "nth", "gold", "evening"), (30, 15, 25, 12, 6, 6, 6))[
        0
    ]
    percent = {"type": "percent", "with": {"basis_points": 100 * chance.randrange(5, 25)}}
    return {
        "percent": percent,
        "amount": {"type": "amount", "with": {"off": 100 * chance.randrange(1, 9)}},
        "spend": {
            "type": "spend_and_save",
            "with": {"tiers": [{"at": 10_000 * chance.randrange(1, 5), "off": 500 * chance.randrange(1, 9)}]},
        },
        "flash": {"type": "flash_price", "with": {"price": 100 * chance.randrange(9, 300)}},
        "nth": {"type": "nth_item", "with": {"nth": 2, "basis_points": 5000}},
        "gold": {**percent, "when": [{"segment": {"any": ["gold"]}}]},
        "evening": {**percent, "when": [{"hours": {"start": "18:00", "end": "22:00", "zone": "Asia/Shanghai"}}]},
    }[kind]


def book_data(chance: Random) -> dict[str, Any]:
    """The offers file: windows end on one of three weeks' days, a few for all goods, every twelfth a coupon."""
    offers = []
    for n in range(OFFERS):
        start, end = chance.randrange(1, 12), chance.randrange(13, 31)
        offers.append(
            {
                "code": f"o-{n:05}", "kind": "coupon" if n % COUPONS == 0 else "promotion",
                **({"stage": "platform", "priority": 200} if n % COUPONS == 0 else {}),
                "name": {"en": f"Offer {n}", "zh": f"优惠{n}"},
                "scope": {"all": True} if n < EVERYWHERE else _scope(chance), **_gives(chance),
                "window": {"start": f"2026-12-{start:02}T00:00", "end": f"2026-12-{end:02}T00:00", "zone": "Asia/Shanghai"},
            }
        )  # fmt: skip
    ties = [
        {"code": f"x-{n}", "between": [f"o-{a:05}", f"o-{b:05}"], "grain": "line" if n % 3 else "order"}
        for n, (a, b) in enumerate(chance.sample(range(EVERYWHERE, OFFERS), 2) for _ in range(500))
    ]
    return {"festoon": 1, "currency": CURRENCY, "zone": "Asia/Shanghai", "offers": offers, "exclusions": ties}


def wallet(data: dict[str, Any], goods: list[dict[str, Any]], chance: Random) -> list[dict[str, Any]]:
    """Four coupons: the platform's for all goods, and three about goods of the page where there are such."""
    coupons = [offer for offer in data["offers"] if offer["kind"] == "coupon"]
    met = [offer for offer in coupons if any(_about(offer["scope"], each) for each in goods)]
    held = [coupons[0], *chance.sample(met, 3)]
    return [
        {"id": f"w-{n}", "offer": offer["code"], "expires": f"2026-12-{14 + n}T00:00:00+08:00"}
        for n, offer in enumerate(held)
    ]


def _about(scope: dict[str, Any], each: dict[str, Any]) -> bool:
    values = {name: each[name] if isinstance(each[name], list) else [each[name]] for name in scope if name in each}
    return any(set(scope[name]) & set(told) for name, told in values.items())
