"""Random offers files and carts from a seed: small enough for the oracle, odd enough to hurt."""

import random

CATEGORIES, BRANDS = ["tea", "ware", "sport"], ["willow", "kite"]


def line(rng: random.Random, i: int) -> dict:
    price = rng.choice([1, 7, 99, 100, 333, 1000, 1999, 2500])
    made = {
        "id": f"l{i}", "sku": f"s{rng.randrange(4)}", "quantity": rng.choice([1, 1, 2, 3]), "unit_price": price,
        "category": [rng.choice(CATEGORIES)], "brand": rng.choice(BRANDS), "merchant": "willow",
    }  # fmt: skip
    if rng.random() < 0.2:
        made["tag_floor"] = rng.choice([price // 2, price * 8 // 10, price]) or 1
    return made


def scope(rng: random.Random) -> dict:
    roll = rng.random()
    if roll < 0.35:
        return {"all": True}
    if roll < 0.6:
        return {"category": rng.sample(CATEGORIES, rng.choice([1, 2]))}
    if roll < 0.75:
        return {"brand": [rng.choice(BRANDS)]}
    if roll < 0.9:
        return {"sku": [f"s{n}" for n in rng.sample(range(4), 2)]}
    return {"category": [rng.choice(CATEGORIES)], "except": {"sku": ["s0"]}}


def rule(rng: random.Random, kind: str) -> dict:
    amount = lambda: rng.choice([1, 50, 99, 300, 700])  # noqa: E731
    made = {
        "percent": lambda: (
            {"basis_points": rng.choice([500, 1000, 3333, 5000, 10_000])}
            | ({"cap": rng.choice([10, 100, 500])} if rng.random() < 0.3 else {})
        ),
        "amount": lambda: {"off": amount()} | ({"at": rng.choice([100, 1000, 3000])} if rng.random() < 0.6 else {}),
        "spend_and_save": lambda: rng.choice(
            [
                {"tiers": [{"at": 1000, "off": 100}]},
                {"tiers": [{"at": 500, "off": 30}, {"at": 2000, "off": 250}]},
                {"tiers": [{"at": 700, "off": 99}], "repeat": True},
                {"tiers": [{"at": 700, "off": 99}], "repeat": True, "times": 2},
                {"tiers": [{"at": 900, "basis_points": 1500}]},
            ]
        ),
        "flash_price": lambda: {"price": rng.choice([0, 50, 90, 300, 950])},
        "buy_x_get_y": lambda: {
            "buy": rng.choice([1, 2]),
            "get": rng.choice([1, 1, 2]),
            "basis_points": rng.choice([10_000, 10_000, 5000]),
            "which": rng.choice(["cheapest", "dearest"]),
            **({"times": 1} if rng.random() < 0.5 else {}),
        },
        "free_shipping": lambda: {"at": rng.choice([0, 1000])} | ({"cap": 300} if rng.random() < 0.4 else {}),
        "gift": lambda: {"sku": "mug", "value": rng.choice([0, 200]), "at": rng.choice([0, 1500])},
        "red_envelope": lambda: {"amount": amount(), "at": rng.choice([0, 1000])},
        "match_coupon": lambda: {"upto": rng.choice([100, 500])},
    }
    return {"type": kind, "with": made[kind]()}


PROMOTIONS = ["percent"] * 3 + ["amount"] * 2 + ["spend_and_save"] * 3 + ["flash_price", "flash_price", "buy_x_get_y"]
PROMOTIONS += ["buy_x_get_y", "free_shipping", "gift", "match_coupon"]
COUPONS = ["percent", "amount", "amount", "red_envelope", "spend_and_save", "free_shipping"]


def offer(rng: random.Random, i: int, kind: str) -> dict:
    made = {"code": f"{kind[0]}{i}", "kind": kind, "scope": scope(rng), "priority": rng.choice([1, 2, 3])}
    made |= rule(rng, rng.choice(COUPONS if kind == "coupon" else PROMOTIONS))
    if made["type"] not in ("flash_price", "free_shipping", "match_coupon") and rng.random() < 0.3:
        made["stage"] = rng.choice(["item", "store", "platform"])
    if rng.random() < 0.25:
        made["threshold_basis"] = rng.choice(["list", "tag", "running"])
    if rng.random() < 0.25:
        made["percent_basis"] = rng.choice(["list", "tag", "entry"])
    if rng.random() < 0.25:
        made["rounding"] = {
            "mode": rng.choice(["half_up", "half_even", "floor", "ceiling"]),
            "of": rng.choice(["discount", "price"]), "per": rng.choice(["unit", "line", "order"]),
        }  # fmt: skip
    if rng.random() < 0.15:
        made["weights"] = rng.choice(["even", "quantity"])
    if rng.random() < 0.15:
        made["spill"] = rng.choice(["others", "lost"])
    if rng.random() < 0.15 and made["type"] != "flash_price":
        made["group"] = "g"
    if rng.random() < 0.2:
        made["when"] = [rng.choice([
            {"least_spend": {"amount": rng.choice([500, 2500])}}, {"least_quantity": {"quantity": rng.choice([2, 4])}},
            {"segment": {"any": ["gold"]}},
        ])]  # fmt: skip
    if kind == "promotion":
        made |= {name: True for name in ("always", "steps_aside", "exclusive") if rng.random() < 0.07}
        if made.get("always"):
            made.pop("steps_aside", None)
    return made


def world(rng: random.Random, most_offers: int = 6) -> tuple[dict, dict]:
    """(offers file, cart)."""
    coupons = rng.choice([0, 0, 1, 2, 3])
    promotions = rng.randrange(1, most_offers + 1 - min(coupons, most_offers - 1))
    offers = [offer(rng, i, "promotion") for i in range(promotions)]
    offers += [offer(rng, i, "coupon") for i in range(min(coupons, most_offers - promotions))]
    codes = [o["code"] for o in offers]
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    rng.shuffle(pairs)
    exclusions = [
        {"code": f"x{i}", "between": list(pair), "grain": rng.choice(["order", "order", "line"])}
        for i, pair in enumerate(pairs[: rng.choice([0, 1, 2, 3, 5])])
    ]
    wallet = [{"id": f"w-{o['code']}", "offer": o["code"]} for o in offers if o["kind"] == "coupon"]
    chosen = [held["id"] for held in wallet if rng.random() < 0.8]
    rng.shuffle(chosen)
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "channel": "app",
        "buyer": {"id": "mei", "segments": rng.choice([["gold"], []])},
        "lines": [line(rng, i) for i in range(rng.randrange(1, 5))],
        "shipping": rng.choice([0, 500, 800]), "wallet": wallet, "chosen": chosen,
    }  # fmt: skip
    if rng.random() < 0.15:
        cart["availability"] = {rng.choice(codes): rng.choice([{"uses": 0}, {"budget": 60}, {"budget": 0}])}
        if rng.random() < 0.5:
            for one in offers:
                one["budget"] = {"short": "refuse"}
    policy = rng.choice([{}] * 8 + [{"conflict": "priority"}, {"objective": "priority"}])
    return {"festoon": 1, "currency": "CNY", "policy": policy, "offers": offers, "exclusions": exclusions}, cart
