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
    made = plain_scope(rng)
    if rng.random() < 0.1:
        made["list_price"] = rng.choice([{"from": 100}, {"to": 999}, {"from": 99, "to": 1000}])
    if rng.random() < 0.08:
        made["not_discounted"] = True
    return made


def plain_scope(rng: random.Random) -> dict:
    roll = rng.random()
    if roll < 0.05:
        return rng.choice([{"line": ["l0", "l2"]}, {"line": ["l1"]}, {"all": True, "except": {"line": ["l0"]}}])
    if roll < 0.35:
        return {"all": True}
    if roll < 0.6:
        return {"category": rng.sample(CATEGORIES, rng.choice([1, 2]))}
    if roll < 0.75:
        return {"brand": [rng.choice(BRANDS)]}
    if roll < 0.9:
        return {"sku": [f"s{n}" for n in rng.sample(range(4), 2)]}
    return {"category": [rng.choice(CATEGORIES)], "except": {"sku": ["s0"]}}


def goods(rng: random.Random) -> dict:
    """Goods inside a condition or a benefit: never by line."""
    while "line" in repr(made := scope(rng)):
        pass
    return made


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
        "flash_price": lambda: (
            {"price": rng.choice([0, 50, 90, 300, 950])} | ({"units": rng.choice([1, 2])} if rng.random() < 0.3 else {})
        ),
        "member_price": lambda: {
            "levels": [{"level": "gold", "price": rng.choice([40, 80, 700])}, {"level": "silver", "basis_points": 1250}]
        },
        "some_units": lambda: (
            {"basis_points": rng.choice([1000, 3333, 10_000]), "which": which(rng)}
            | rng.choice([{"units": 3}, {"units_per_line": 1}, {"groups_of": 2}, {"groups_of": 3, "units": 5}])
            | ({"cap": 100} if rng.random() < 0.3 else {})
        ),
        "n_for_price": lambda: (
            {"units": rng.choice([1, 2, 3]), "price": rng.choice([0, 150, 999]), "which": which(rng)} | times(rng)
        ),
        "n_at_percent": lambda: {"units": rng.choice([2, 3]), "basis_points": 2000, "which": which(rng)} | times(rng),
        "nth_item": lambda: {
            "nth": rng.choice([2, 2, 3]),
            "basis_points": rng.choice([5000, 10_000]),
            "per": rng.choice(["sku", "scope"]),
            "which": which(rng),
            **times(rng),
        },
        "bundle": lambda: {
            "pieces": [{"goods": goods(rng), "quantity": rng.choice([1, 1, 2])} for _ in range(rng.choice([1, 2, 2]))],
            "price": rng.choice([100, 500, 1500]),
            "which": which(rng),
            **times(rng),
        },
        "amount_each": lambda: (
            {"off": amount(), "per": rng.choice(["unit", "line"]), "which": which(rng)}
            | ({"additional": rng.choice([0, 20, 500])} if rng.random() < 0.5 else {})
            | ({"units": 2} if rng.random() < 0.3 else {})
        ),
        "buy_more": lambda: rng.choice(
            [
                {"steps": [{"units": 2, "basis_points": 1000}, {"units": 4, "basis_points": 2500}]},
                {"steps": [{"units": 2, "off": 150}], "repeat": True},
                {"steps": [{"units": 1, "off": 10}, {"units": 3, "off": 90}], "repeat": True, "times": 2},
            ]
        ),
        "add_on": lambda: (
            {"goods": goods(rng), "price": rng.choice([0, 90, 700]), "which": which(rng), "units": rng.choice([1, 2])}
            | rng.choice([{}, {"at": 500}, {"at": 700, "repeat": True}])
        ),
        "cross_store": lambda: {"tiers": [{"at": 700, "off": 120}], "repeat": True},
        "shipping_off": lambda: rng.choice(
            [{"off": 400}, {"basis_points": 5000}, {"basis_points": 3333, "cap": 200}, {"off": 900, "at": 1000}]
        ),
        "buy_x_get_y": lambda: {
            "buy": rng.choice([1, 2]),
            "get": rng.choice([1, 1, 2]),
            "basis_points": rng.choice([10_000, 10_000, 5000]),
            "which": which(rng),
            **({"times": 1} if rng.random() < 0.5 else {}),
            **({"off": 77, "basis_points": 10_000} if rng.random() < 0.2 else {}),
            **({"bought": goods(rng)} if rng.random() < 0.2 else {}),
            **({"given": goods(rng)} if rng.random() < 0.2 else {}),
        },
        "free_shipping": lambda: {"at": rng.choice([0, 1000])} | ({"cap": 300} if rng.random() < 0.4 else {}),
        "gift": lambda: (
            {"sku": "mug", "value": rng.choice([0, 200]), "at": rng.choice([0, 1500])}
            | rng.choice(
                [{}, {}, {"every": 900}, {"every_units": 2, "times": 2, "short": rng.choice(["give", "refuse"])}]
            )
        ),
        "red_envelope": lambda: (
            {"amount": amount(), "at": rng.choice([0, 1000])}
            | rng.choice([{}, {}, {"divisible": True}, {"divisible": True, "shipping": True}])
        ),
        "allowance": lambda: {"tiers": [{"at": 700, "off": 90}], "repeat": True},
        "deposit": lambda: (
            {"deposit": 50, "counts": rng.choice([60, 150])} | ({"units": 2} if rng.random() < 0.3 else {})
        ),
        "match_coupon": lambda: {"upto": rng.choice([100, 500])},
    }
    return {"type": "percent" if kind == "some_units" else kind, "with": made[kind]()}


def which(rng: random.Random) -> str:
    return rng.choice(["cheapest", "dearest", "listed"])


def times(rng: random.Random) -> dict:
    return {"times": rng.choice([1, 2])} if rng.random() < 0.3 else {}


PROMOTIONS = ["percent"] * 3 + ["amount"] * 2 + ["spend_and_save"] * 3 + ["flash_price", "flash_price", "buy_x_get_y"]
PROMOTIONS += ["buy_x_get_y", "free_shipping", "gift", "match_coupon", "member_price", "some_units", "some_units"]
PROMOTIONS += ["n_for_price", "n_at_percent", "nth_item", "bundle", "amount_each", "buy_more", "add_on", "cross_store"]
PROMOTIONS += ["shipping_off", "deposit"]
COUPONS = [
    "percent",
    "amount",
    "amount",
    "red_envelope",
    "spend_and_save",
    "free_shipping",
    "some_units",
    "amount_each",
]
COUPONS += ["red_envelope", "allowance"]
PRICES = ("flash_price", "member_price")
SHIPPING = ("free_shipping", "shipping_off")


def offer(rng: random.Random, i: int, kind: str) -> dict:
    made = {"code": f"{kind[0]}{i}", "kind": kind, "scope": scope(rng), "priority": rng.choice([1, 2, 3])}
    made |= rule(rng, rng.choice(COUPONS if kind == "coupon" else PROMOTIONS))
    if made["type"] not in (*PRICES, *SHIPPING, "match_coupon", "red_envelope") and rng.random() < 0.3:
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
    if rng.random() < 0.15 and made["type"] not in PRICES:
        made["group"] = "g"
    if rng.random() < 0.2:
        made["when"] = [rng.choice([
            {"least_spend": {"amount": rng.choice([500, 2500])}}, {"least_quantity": {"quantity": rng.choice([2, 4])}},
            {"segment": {"any": ["gold"]}}, {"most_spend": {"amount": rng.choice([999, 3000])}},
            {"most_quantity": {"quantity": rng.choice([2, 4]), "of": "order"}},
            {"basket_contains": {"goods": goods(rng)}}, {"least_quantity": {"quantity": 2, "goods": goods(rng)}},
            {"least_spend": {"amount": 1500, "goods": goods(rng), "shipping": rng.random() < 0.5}},
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
    for held in wallet:
        if rng.random() < 0.6:
            held |= {
                "balance": rng.choice([0, 40, 250]),
                "expires": rng.choice(["2027-01-01T00:00Z", "2027-02-01T00:00Z"]),
            }
    chosen = [held["id"] for held in wallet if rng.random() < 0.8]
    rng.shuffle(chosen)
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "channel": "app",
        "buyer": {"id": "mei", "segments": rng.choice([["gold"], []]), "level": rng.choice(["gold", "silver", ""])},
        "lines": [line(rng, i) for i in range(rng.randrange(1, 5))],
        "shipping": rng.choice([0, 500, 800]), "wallet": wallet, "chosen": chosen,
    }  # fmt: skip
    if rng.random() < 0.15:
        cart["availability"] = {
            rng.choice(codes): rng.choice([{"uses": 0}, {"budget": 60}, {"budget": 0}, {"units": 1}, {"units": 2}])
        }
        if rng.random() < 0.5:
            for one in offers:
                one["budget"] = {"short": "refuse"}
    policy = rng.choice([{}] * 8 + [{"conflict": "priority"}, {"objective": "priority"}])
    return {"festoon": 1, "currency": "CNY", "policy": policy, "offers": offers, "exclusions": exclusions}, cart
