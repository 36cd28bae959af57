"""Carts on which many offers really meet and exclude each other, each with an offers file of its own, from a seed.

20 lines; 25 offers of which 6 or more are for the whole order, 3 with running thresholds, 6 coupons of which 2 are
chosen; 12 exclusions between offers that may serve, a third of them line by line, and more with the other coupons.
"""

from __future__ import annotations

import random
from typing import Any

LINES, OFFERS, COUPONS, CHOSEN = 20, 25, 6, 2
EXCLUSIONS, BY_LINE = 12, 4
SKUS = [f"s{i:02}" for i in range(LINES)]
STAGES = ["item", "item", "store", "platform"]


def cart_of(rng: random.Random) -> dict[str, Any]:
    """Twenty lines, one to four units each."""
    lines = [
        {
            "id": f"l{i:02}", "sku": sku, "quantity": rng.choice([1, 1, 1, 2, 2, 3, 4]),
            "unit_price": rng.randrange(500, 20_000), "merchant": "lantern",
        }
        for i, sku in enumerate(SKUS)
    ]  # fmt: skip
    wallet = [{"id": f"w{i}", "offer": f"coupon-{i}"} for i in range(COUPONS)]
    chosen = [f"w{i}" for i in range(CHOSEN)]
    return {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "buyer": {"id": "mei"}, "lines": lines,
        "shipping": 800, "wallet": wallet, "chosen": chosen,
    }  # fmt: skip


def offer_of(rng: random.Random, i: int) -> dict[str, Any]:
    """One of the promotions: three with running thresholds, then four more for the whole order, then those for a few lines."""
    made = {"code": f"promotion-{i:02}", "priority": rng.randrange(1, 100)}
    if i < 3:
        tier = rng.choice([30_000, 60_000, 100_000])
        with_ = {"tiers": [{"at": tier, "off": tier // rng.randrange(8, 20)}], "repeat": rng.random() < 0.5}
        return made | {
            "type": "spend_and_save", "with": with_, "threshold_basis": "running", "stage": rng.choice(["store", "platform"]),
        }  # fmt: skip
    if i < 6:
        return made | _benefit(rng) | {"stage": rng.choice(["store", "platform"])}
    return made | _benefit(rng) | {"scope": {"sku": _some(rng)}, "stage": rng.choice(STAGES)}


def _some(rng: random.Random) -> list[str]:
    return sorted(rng.sample(SKUS, rng.randrange(2, 11)))


def _benefit(rng: random.Random) -> dict[str, Any]:
    kind, points = rng.random(), rng.randrange(3, 25) * 100
    if kind < 0.35:
        return {"type": "percent", "with": {"basis_points": points}}
    if kind < 0.45:
        return {"type": "percent", "with": {"basis_points": points, "cap": rng.randrange(1000, 8000)}}
    if kind < 0.65:
        return {"type": "amount", "with": {"off": rng.randrange(500, 8000), "at": rng.choice([0, 10_000, 20_000])}}
    if kind < 0.85:
        tiers = [{"at": at, "off": at // rng.randrange(6, 15)} for at in (10_000, 25_000)]
        tiers[1]["off"] = max(tiers[1]["off"], tiers[0]["off"])
        return {"type": "spend_and_save", "with": {"tiers": tiers}}
    if kind < 0.95:
        return {"type": "buy_x_get_y", "with": {"buy": rng.choice([1, 2]), "times": rng.choice([1, 2])}}
    return {"type": "nth_item", "with": {"nth": 2, "basis_points": 5000, "times": 3}}


def coupon_of(rng: random.Random, i: int) -> dict[str, Any]:
    """A coupon; the first is for the whole order."""
    made = {"code": f"coupon-{i}", "kind": "coupon", "priority": rng.randrange(1, 100)}
    made |= {} if i == 0 else {"scope": {"sku": _some(rng)}}
    if rng.random() < 0.5:
        return made | {"type": "amount", "with": {"off": rng.randrange(500, 5000), "at": rng.choice([0, 10_000])}}
    return made | {"type": "percent", "with": {"basis_points": rng.randrange(3, 20) * 100}, "stage": "store"}


def world(seed: int, i: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """(offers file, cart) number `i` of a seed."""
    rng = random.Random(f"{seed} {i}")
    promotions = [offer_of(rng, n) for n in range(OFFERS - COUPONS)]
    coupons = [coupon_of(rng, n) for n in range(COUPONS)]
    pairs = _pairs(rng, promotions, coupons[:CHOSEN])
    exclusions = [
        {"code": f"x{n:02}", "between": [a["code"], b["code"]], "grain": grain} for n, (a, b, grain) in enumerate(pairs)
    ]
    for coupon in coupons[CHOSEN:]:
        other = rng.choice(promotions)
        exclusions.append({"code": f"y-{coupon['code']}", "between": [coupon["code"], other["code"]]})
    data = {"festoon": 1, "currency": "CNY", "offers": promotions + coupons, "exclusions": exclusions}
    return data, cart_of(rng)


def _pairs(rng: random.Random, promotions: list[dict[str, Any]], chosen: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The exclusions among those that may serve: two of them with a chosen coupon; by line only where they share lines."""
    pairs: list[tuple[Any, ...]] = []
    while len(pairs) < EXCLUSIONS:
        a = chosen[len(pairs)] if len(pairs) < CHOSEN else rng.choice(promotions)
        b = rng.choice(promotions)
        by_line = len(pairs) >= EXCLUSIONS - BY_LINE
        if a is b or any({a["code"], b["code"]} == {x["code"], y["code"]} for x, y, _ in pairs):
            continue
        if by_line and not set(_goods(a)) & set(_goods(b)):
            continue
        pairs.append((a, b, "line" if by_line else "order"))
    return pairs


def _goods(offer: dict[str, Any]) -> list[str]:
    return list(offer.get("scope", {"sku": SKUS})["sku"])
