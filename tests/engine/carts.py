"""Random offers files and carts from a seed: small enough for the oracle, odd enough to hurt.

Everything on a shelf comes: the kinds that operators use most in forms written here, and whatever else lies on a shelf
with its form filled in at random.
"""

import random

from festoon.base.form import Field, Table, fields
from festoon.base.kinds import Choice, Codes, Flag, Whole
from festoon.base.problems import Problems
from festoon.base.shelf import Shelf
from festoon.engine.stages import STAGES
from festoon.rulebook import benefits, conditions, promotion_types
from festoon.rulebook.release import read_thing
from festoon.rulebook.scopes import Goods
from tests.engine.oracle_terms import EXPRESSIONS

CATEGORIES, BRANDS, MERCHANTS = ["tea", "ware", "sport"], ["willow", "kite"], ["willow", "kite"]
AMOUNTS = {
    "money": [1, 50, 99, 300, 700, 1000, 3000],
    "percent": [1, 500, 3333, 5000, 9999, 10_000],
    "count": [0, 1, 2, 3],
}
MOMENTS = ["2026-12-01T00:00", "2026-12-12T10:00", "2026-12-12T18:00", "2026-12-20T00:00", "2026-12-12T10:00+08:00"]
CLOCKS = {"start": ["00:00", "09:30", "10:00", "22:00"], "end": ["10:00", "18:00", "24:00", "02:00"]}
ZONES = ["Asia/Shanghai", "UTC", "America/New_York"]
WORDS = {
    "days": ["fri", "sat", "sun"],
    "any": ["gold", "app", "live", "willow-west", "card"],
    "none": ["staff", "gold"],
}


def filled(rng: random.Random, cls: type) -> dict:
    """What a form may be given: every field it needs, and some of the others."""
    return {f.name: value_of(rng, f) for f in fields(cls) if f.required or rng.random() < 0.5}


def value_of(rng: random.Random, field: Field):
    """A value of the field's kind."""
    kind = field.kind
    if isinstance(kind, Whole):
        return rng.choice([n for n in AMOUNTS[kind.name] if kind.least <= n <= kind.most])
    if isinstance(kind, Choice):
        return rng.choice([code for code, _ in kind.options])
    if isinstance(kind, Flag):
        return rng.random() < 0.5
    if isinstance(kind, Codes):
        return rng.sample(WORDS[field.name], max(1, kind.least))
    if isinstance(kind, Goods):
        return goods(rng)
    if isinstance(kind, Table):
        return [filled(rng, kind.of) for _ in range(rng.randrange(kind.least, kind.least + 3))]
    if kind.name == "expression":
        return rng.choice(list(EXPRESSIONS))
    if kind.name == "words":
        return {"en": "said", "zh": "说明"}
    if kind.name == "moment":
        return rng.choice(MOMENTS)
    if kind.name == "zone":
        return rng.choice(ZONES)
    return rng.choice(CLOCKS.get(field.name, ["s0", "gold"]))


def anything(rng: random.Random, shelf: Shelf, code: str) -> dict:
    """{code: its fields}: a thing of a shelf in a form of its own that has nothing against it."""
    while True:
        problems, made = Problems(), {code: filled(rng, shelf[code])}
        read_thing(shelf, made, (), problems)
        if not problems.found:
            return made


def line(rng: random.Random, i: int) -> dict:
    price = rng.choice([1, 7, 99, 100, 333, 1000, 1999, 2500])
    made = {
        "id": f"l{i}", "sku": f"s{rng.randrange(4)}", "quantity": rng.choice([1, 1, 2, 3]), "unit_price": price,
        "category": [rng.choice(CATEGORIES)], "brand": rng.choice(BRANDS), "merchant": rng.choice(["willow", *MERCHANTS]),
    }  # fmt: skip
    if rng.random() < 0.06:
        made["net_floor"] = price * rng.randrange(5, 11) // 10
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
    if roll < 0.88:
        return {"sku": [f"s{n}" for n in rng.sample(range(4), 2)]}
    if roll < 0.9:
        return {"merchant": [rng.choice(MERCHANTS)]}
    return {"category": [rng.choice(CATEGORIES)], "except": {"sku": ["s0"]}}


def goods(rng: random.Random) -> dict:
    """Goods inside a condition or a benefit: never by line."""
    while "line" in repr(made := scope(rng)):
        pass
    return made


def narrow(rng: random.Random) -> dict:
    """Goods that are not all there are."""
    while set(made := goods(rng)) == {"all"}:
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
                {
                    "tiers": [
                        {"at": 500, "basis_points": 1000, "cap": 60},
                        {"at": 1500, "basis_points": 2000, "cap": 250},
                    ]
                },
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
        "n_at_percent": lambda: (
            {"units": rng.choice([2, 3]), "basis_points": 2000, "which": which(rng)} | times(rng) | cap(rng)
        ),
        "nth_item": lambda: {
            "nth": rng.choice([2, 2, 3]),
            **rng.choice([{"basis_points": 5000}, {"basis_points": 10_000}, {"price": rng.choice([0, 99, 990])}]),
            "per": rng.choice(["sku", "scope"]),
            "which": which(rng),
            **times(rng),
            **cap(rng),
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
                {
                    "steps": [
                        {"units": 2, "basis_points": 1000, "cap": 150},
                        {"units": 3, "basis_points": 2500, "cap": 400},
                    ]
                },
                {"steps": [{"units": 2, "off": 150}], "repeat": True},
                {"steps": [{"units": 1, "off": 10}, {"units": 3, "off": 90}], "repeat": True, "times": 2},
            ]
        ),
        "add_on": lambda: (
            {"goods": narrow(rng), "price": rng.choice([0, 90, 700]), "which": which(rng), "units": rng.choice([1, 2])}
            | rng.choice([{}, {"at": 500}, {"at": 700, "repeat": True}])
        ),
        "cross_store": lambda: {"tiers": [{"at": 700, "off": 120}], "repeat": True},
        "shipping_off": lambda: rng.choice(
            [{"off": 400}, {"basis_points": 5000}, {"basis_points": 3333, "cap": 200}, {"off": 900, "at": 1000}]
        ),
        "buy_x_get_y": lambda: {
            "buy": rng.choice([1, 2]),
            "get": rng.choice([1, 1, 2]),
            **rng.choice(
                [{"basis_points": 10_000}, {"basis_points": 5000}, {}, {"off": 77}, {"price": rng.choice([0, 90, 990])}]
            ),
            "which": which(rng),
            **({"times": 1} if rng.random() < 0.5 else {}),
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


def cap(rng: random.Random) -> dict:
    return {"cap": rng.choice([10, 100, 500])} if rng.random() < 0.3 else {}


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
    made |= (
        any_rule(rng, kind)
        if rng.random() < 0.2
        else rule(rng, rng.choice(COUPONS if kind == "coupon" else PROMOTIONS))
    )
    tagged = made.get("type") in PRICES or "benefit" in made
    if not tagged and made["type"] not in (*SHIPPING, "match_coupon", "red_envelope") and rng.random() < 0.3:
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
    if rng.random() < 0.15 and made.get("type") not in PRICES:
        made["group"] = "g"
    if rng.random() < 0.3:
        made["when"] = [when(rng) for _ in range(rng.choice([1, 1, 1, 2]))]
    if rng.random() < 0.25:
        made["payers"] = payers(rng)
    if rng.random() < 0.06:
        made["window"] = window(rng)
    if rng.random() < 0.3:
        made["campaign"] = "c"
    made |= rng.choice([{}] * 30 + [{"state": "stopped"}, {"owner": "kite"}])
    if kind == "promotion":
        made |= {name: rng.choice([5, 90, 900]) for name in ("tag_floor", "net_floor") if rng.random() < 0.03}
        made |= {name: True for name in ("always", "steps_aside", "exclusive") if rng.random() < 0.07}
        if made.get("always"):
            made.pop("steps_aside", None)
    return made


def any_rule(rng: random.Random, kind: str) -> dict:
    """A benefit by itself in a stage where it works, or a type with its form filled in at random."""
    if rng.random() < 0.3:
        types = [
            code for code, cls in ((c, promotion_types.shelf[c]) for c in promotion_types.shelf) if kind in cls.kinds
        ]
        ((code, form),) = anything(rng, promotion_types.shelf, rng.choice(types)).items()
        return {"type": code, "with": form}
    while (benefits.shelf[code := rng.choice(benefits.shelf.codes())].balance) and kind == "promotion":
        pass
    made = {"benefit": anything(rng, benefits.shelf, code)}
    return made | ({"stage": STAGES[rng.choice(benefits.shelf[code].stages)]} if rng.random() < 0.5 else {})


def when(rng: random.Random) -> dict:
    """A condition: on amounts as often as all the others together."""
    if rng.random() < 0.5:
        return anything(rng, conditions.shelf, rng.choice(conditions.shelf.codes()))
    return rng.choice([
        {"least_spend": {"amount": rng.choice([500, 2500])}}, {"least_quantity": {"quantity": rng.choice([2, 4])}},
        {"segment": {"any": ["gold"]}}, {"most_spend": {"amount": rng.choice([999, 3000])}},
        {"most_quantity": {"quantity": rng.choice([2, 4]), "of": "order"}},
        {"basket_contains": {"goods": goods(rng)}}, {"least_quantity": {"quantity": 2, "goods": goods(rng)}},
        {"least_spend": {"amount": 1500, "goods": goods(rng), "shipping": rng.random() < 0.5}},
    ])  # fmt: skip


def payers(rng: random.Random) -> list[dict]:
    names = rng.sample(["platform", "merchant", "merchant:willow", "maker"], rng.choice([1, 2, 3]))
    cuts = sorted(rng.sample([1, 3333, 5000, 7000, 9999], len(names) - 1))
    return [{"payer": n, "basis_points": b - a} for n, a, b in zip(names, [0, *cuts], [*cuts, 10_000], strict=True)]


def window(rng: random.Random) -> dict:
    start, end = sorted(rng.sample(MOMENTS[:4], 2))
    return rng.choice([{"start": start}, {"end": end}, {"start": start, "end": end}]) | rng.choice(
        [{}, {"zone": rng.choice(ZONES)}]
    )


def exclusion(rng: random.Random, i: int, pair: tuple[str, str]) -> dict:
    made: dict = {"code": f"x{i}", "between": list(pair), "grain": rng.choice(["order", "order", "line"])}
    made |= {"window": window(rng)} if rng.random() < 0.15 else {}
    return made | ({"lock": True} if rng.random() < 0.1 else {})


def distribution(rng: random.Random, i: int, offers: list[dict]) -> dict:
    made: dict = rng.choice([{"campaign": "c"}, {"offers": [rng.choice(offers)["code"]]}])
    lists = {
        "channels": ["app", "web"], "scenes": ["live", "search"], "stores": ["willow-west"], "segments": ["gold"],
        "buyers": ["mei", "tao"],
    }  # fmt: skip
    limits = {name: [rng.choice(codes)] for name, codes in lists.items() if rng.random() < 0.25}
    return {"code": f"d{i}", **made, **limits, **({"window": window(rng)} if rng.random() < 0.2 else {})}


def left(rng: random.Random) -> dict:
    """What is left of an offer."""
    return rng.choice([
        {"uses": 0}, {"buyer_uses": 0}, {"budget": 60}, {"budget": 300}, {"budget": 0}, {"units": 0}, {"units": 1}, {"units": 2},
        {"buyers": 2}, {"uses": 3, "budget": 1000, "units": 1},
    ])  # fmt: skip


def wallet(rng: random.Random, offers: list[dict]) -> list[dict]:
    held = [
        {"id": f"w-{o['code']}", "offer": o["code"]} for o in offers if o["kind"] == "coupon" and rng.random() < 0.97
    ]
    if held and rng.random() < 0.1:
        held.append({"id": "a-second", "offer": rng.choice(held)["offer"]})
    for one in held:
        if rng.random() < 0.6:
            ends = rng.choice(["2027-01-01T00:00Z"] * 5 + ["2027-02-01T00:00Z"] * 5 + ["2026-12-12T10:00:00+08:00"])
            one |= {"balance": rng.choice([0, 40, 250]), "expires": ends}
    return held


def buyer(rng: random.Random) -> dict:
    made: dict = {
        "id": "mei",
        "segments": rng.choice([["gold"], []]),
        "level": rng.choice(["gold", "silver", "", "s0"]),
    }
    if rng.random() < 0.5:
        made |= {"orders_placed": rng.randrange(3), "birthday_month": rng.choice([11, 12])}
    return made | rng.choice([{}, {"new": True}, {"new": False}])


def world(rng: random.Random, most_offers: int = 6) -> tuple[dict, dict]:
    """(offers file, cart). Small ones come most often."""
    many = (
        rng.choice([1, 2, 2, 3, 3, 3, 4, 4, 5, most_offers]) if most_offers <= 6 else rng.randrange(1, most_offers + 1)
    )
    coupons = min(rng.choice([0, 0, 1, 2, 3]), many)
    offers = [offer(rng, i, "promotion") for i in range(many - coupons)]
    offers += [offer(rng, i, "coupon") for i in range(coupons)]
    codes = [o["code"] for o in offers]
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    rng.shuffle(pairs)
    exclusions = [exclusion(rng, i, pair) for i, pair in enumerate(pairs[: rng.choice([0, 1, 2, 3, 5])])]
    held = wallet(rng, offers)
    chosen = [one["id"] for one in held if rng.random() < 0.8]
    rng.shuffle(chosen)
    cart = {
        "currency": "CNY", "moment": "2026-12-12T10:00:00+08:00", "channel": "app", "buyer": buyer(rng),
        "lines": [line(rng, i) for i in range(rng.randrange(1, 5))],
        "shipping": rng.choice([0, 500, 800]), "wallet": held, "chosen": "best" if rng.random() < 0.06 else chosen,
        **{n: rng.choice(v) for n, v in {"scene": ["live", ""], "store": ["willow-west", ""], "payment": ["card", ""]}.items()},
    }  # fmt: skip
    if rng.random() < 0.2:
        cart["merchant"] = rng.choice(MERCHANTS)
    if rng.random() < 0.2:
        cart["availability"] = {code: left(rng) for code in rng.sample(codes, min(len(codes), rng.choice([1, 1, 2])))}
        if rng.random() < 0.5:
            for one in offers:
                one["budget"] = {"short": "refuse"}
    policy = rng.choice([{}] * 8 + [{"conflict": "priority"}, {"objective": "priority"}, {"conflict": "best_per_line"}])
    data = {"festoon": 1, "currency": "CNY", "policy": policy, "offers": offers, "exclusions": exclusions}
    if rng.random() < 0.15:
        data |= {"zone": rng.choice(ZONES)}
    if rng.random() < 0.15:
        data["distributions"] = [distribution(rng, i, offers) for i in range(rng.choice([1, 2]))]
    return data, cart


def sum_world(rng: random.Random) -> tuple[dict, dict]:
    """(offers file, cart) where nobody entered the goods, and staff looked at some of them."""
    data, cart = world(rng)
    for one in data["offers"]:
        if one["kind"] == "coupon" and rng.random() < 0.7:
            one["staff_may_confirm"] = True
        if rng.random() < 0.3:
            one["scope"] = rng.choice([{"store": ["willow-west"]}, {"store": ["kite-north"]}, {"merchant": ["willow"]}])
    seen = [one["code"] for one in data["offers"] if rng.random() < 0.6]
    cart |= {
        "only_sum": True,
        "lines": [{"id": "l0", "sku": "sum", "quantity": 1, "unit_price": rng.choice([99, 1000, 2999])}],
    }
    return data, cart | ({"confirmed_by_eye": seen, "confirmed_by": "gu"} if seen else {})


def tied_world(rng: random.Random) -> tuple[dict, dict]:
    """(offers file, cart) in which much is tied: narrow scopes, running thresholds, exclusions of either grain."""
    data, cart = world(rng, 8)
    for one in data["offers"]:
        if one["kind"] == "promotion" and rng.random() < 0.7:
            keep = {name: one[name] for name in ("code", "kind", "priority", "always", "steps_aside") if name in one}
            one.clear()
            one |= keep | {"stage": rng.choice(["item", "store", "platform"]), **_often(rng)}
            if rng.random() < 0.7:
                one["scope"] = {"sku": rng.sample(SKUS, rng.choice([1, 1, 2, 3]))}
            if rng.random() < 0.15:
                one["group"] = "g"
    codes = [one["code"] for one in data["offers"]]
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    data["exclusions"] = [
        {"code": f"x{i}", "between": list(pair), "grain": rng.choice(["order", "order", "line"])}
        for i, pair in enumerate(rng.sample(pairs, min(len(pairs), rng.choice([2, 4, 6]))))
    ]
    for i, row in enumerate(cart["lines"]):
        row["sku"] = SKUS[i % len(SKUS)]
    return data, cart


SKUS = ["s0", "s1", "s2", "s3"]


def _often(rng: random.Random) -> dict:
    off, points = rng.choice([50, 99, 300]), rng.choice([500, 1000, 3333])
    return rng.choice([
        {"type": "percent", "with": {"basis_points": points}},
        {"type": "percent", "with": {"basis_points": points}},
        {"type": "amount", "with": {"off": off, "at": rng.choice([0, 500, 1500])}},
        {"type": "spend_and_save", "with": {"tiers": [{"at": 3 * off, "off": off}], "repeat": True},
         "threshold_basis": "running"},
        {"type": "spend_and_save", "with": {"tiers": [{"at": 900, "off": 120}]}, "threshold_basis": "running"},
        {"type": "nth_item", "with": {"nth": 2, "basis_points": 5000}},
        {"type": "nth_item", "with": {"nth": 2, "price": 100}},
        {"type": "buy_x_get_y", "with": {"buy": 1, "times": 1}},
        {"benefit": {"goods_for_price": {"price": 3 * off}}},
    ])  # fmt: skip
