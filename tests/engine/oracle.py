"""A second engine, slow and plain, written from what is promised and not from how the first one does it.

It reads the offers file and the cart as they stand, keeps every unit by itself, plays every subset of the offers and
keeps the best legal one. Fractions where something is divided. Good for about eight offers.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

STAGES = ["price", "item", "store", "platform", "shipping", "payment"]
SHIPPING = "shipping"


def rounded(value: Fraction, mode: str) -> int:
    if mode == "floor":
        return floor(value)
    if mode == "ceiling":
        return ceil(value)
    below, rest = floor(value), value - floor(value)
    if rest == Fraction(1, 2):
        return below + 1 if mode == "half_up" or below % 2 else below
    return below + (rest > Fraction(1, 2))


def largest_remainder(amount: int, weights: list[int]) -> list[int]:
    if not sum(weights):
        return [0 for _ in weights]
    exact = [Fraction(amount * w, sum(weights)) for w in weights]
    parts = [floor(e) for e in exact]
    for i in sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def within(amount: int, weights: list[int], rooms: list[int]) -> list[int]:
    """Largest remainder; what one cannot take goes to the others while they have room."""
    parts = [0] * len(weights)
    amount = min(amount, sum(rooms))
    while amount:
        weighted = [w if room > part else 0 for w, room, part in zip(weights, rooms, parts, strict=True)]
        if not sum(weighted):
            weighted = [room - part for room, part in zip(rooms, parts, strict=True)]
        for i, more in enumerate(largest_remainder(amount, weighted)):
            more = min(more, rooms[i] - parts[i])
            parts[i] += more
            amount -= more
    return parts


@dataclass
class Goods:
    """Lines that cannot be told apart."""

    lines: list
    line: dict
    units: list[int]

    @property
    def floor(self) -> int:
        return min(self.line.get("tag_floor", 0), self.line["unit_price"])


@dataclass
class State:
    """Amounts by unit: values[row][unit]; shipping is the row "shipping" with one unit."""

    values: dict
    entry: dict = field(default_factory=dict)
    tag: dict = field(default_factory=dict)
    stage: str = "price"
    serving: dict = field(default_factory=dict)  # row → codes that serve on it
    took: dict = field(default_factory=dict)  # code → {row: [by unit]}
    groups: dict = field(default_factory=dict)
    worth: int = 0
    drawn: int = 0

    def sums(self) -> dict:
        return {row: sum(units) for row, units in self.values.items()}


class Oracle:
    def __init__(self, data: dict, cart: dict) -> None:
        self.cart, self.strict = cart, True
        self.policy = data.get("policy", {})
        alike: dict = {}
        scopes = [o.get("scope") or {} for o in data["offers"]]
        named = [s["line"] for scope in scopes for s in (scope, scope.get("except", {})) if "line" in s]
        for line in cart["lines"]:
            key = repr(sorted((k, v) for k, v in line.items() if k not in ("id", "quantity")))
            key += repr([line["id"] in ids for ids in named])  # lines that an offer tells apart are not alike
            alike.setdefault(key, []).append(line)
        goods = []
        for lines in alike.values():
            lines = sorted(lines, key=lambda one: one["id"])
            units = [one["unit_price"] for one in lines for _ in range(one["quantity"])]
            goods.append(Goods(lines, lines[0], units))
        self.goods = sorted(goods, key=lambda g: g.lines[0]["id"])
        self.offers = [o for o in data["offers"] if self.rows(o)]
        self.offers = [o for o in self.offers if self.admitted(o)]
        self.offers.sort(key=lambda o: (STAGES.index(self.stage(o)), self.expiry(o), o.get("priority", 100), o["code"]))
        self.relations = [
            (*x["between"], x.get("grain", "order")) for x in data.get("exclusions", [])
        ]  # fmt: skip
        self.start = {i: list(g.units) for i, g in enumerate(self.goods)} | {SHIPPING: [cart.get("shipping", 0)]}

    # -- balances: the shopper's own money, used last in their stage, the soonest to expire first -----------------

    def balance(self, offer: dict) -> bool:
        return offer["type"] == "allowance" or bool(offer.get("with", {}).get("divisible"))

    def held(self, offer: dict) -> dict:
        return next((c for c in self.cart["wallet"] if c["offer"] == offer["code"]), {})

    def expiry(self, offer: dict) -> str:
        return (self.held(offer).get("expires") or "9") if self.balance(offer) else ""

    def give_allowance(self, offer, state, where, spend, count):
        given = self.give_spend_and_save(offer, state, where, spend, count)
        left = self.held(offer).get("balance") or 0
        if given is None or not left:
            return None
        cuts = given[0]
        if sum(cuts.values()) > left:
            cuts = dict(zip(cuts, largest_remainder(left, list(cuts.values())), strict=True))
        return cuts, {}

    def give_deposit(self, offer, state, where, spend, count):
        f = offer["with"]
        order = self.in_order(offer, state, where, "listed")[: f.get("units")]
        return self.by_unit(state, dict.fromkeys(order, f["counts"] - f["deposit"]))

    # -- what is said of an offer -------------------------------------------------------------------------------

    def stage(self, offer: dict) -> str:
        if offer.get("stage"):
            return offer["stage"]
        return {
            "flash_price": "price", "percent": "item", "buy_x_get_y": "item", "spend_and_save": "store",
            "amount": "store", "gift": "platform", "free_shipping": "shipping", "red_envelope": "payment",
            "match_coupon": "payment", "n_for_price": "item", "n_at_percent": "item", "nth_item": "item",
            "bundle": "item", "amount_each": "item", "buy_more": "store", "add_on": "item", "member_price": "price",
            "cross_store": "platform", "allowance": "platform", "deposit": "item", "shipping_off": "shipping",
        }[offer["type"]]  # fmt: skip

    def rows(self, offer: dict) -> list[int]:
        return self.within(offer.get("scope") or {"all": True})

    def within(self, scope: dict) -> list[int]:
        """The rows of a scope, whatever was taken from them."""
        scope = dict(scope)
        but, prices = scope.pop("except", {}), scope.pop("list_price", {})
        scope.pop("all", None), scope.pop("not_discounted", None)

        def has(goods: Goods, attribute: str, values: list) -> bool:
            if attribute == "line":
                return any(line["id"] in values for line in goods.lines)
            held = goods.line.get({"tag": "tags"}.get(attribute, attribute), [])
            return any(v in values for v in (held if isinstance(held, list) else [held]))

        return [
            i
            for i, g in enumerate(self.goods)
            if all(has(g, a, v) for a, v in scope.items())
            and not any(has(g, a, v) for a, v in but.items())
            and prices.get("from", 0) <= g.line["unit_price"] <= prices.get("to", 10**15)
        ]

    def untouched(self, state: "State", rows: list) -> list:
        return [r for r in rows if sum(state.values[r]) == sum(self.start[r])]

    def holds(self, offer: dict, rows: list, spent: dict, state: "State") -> bool:
        """Whether the conditions on amounts and quantities hold."""
        for condition in offer.get("when", []):
            ((name, c),) = condition.items()
            among = rows
            if c.get("of") == "order":
                among = list(range(len(self.goods)))
            if "goods" in c:
                among = self.within(c["goods"])
                among = self.untouched(state, among) if c["goods"].get("not_discounted") else among
            money = sum(spent[r] for r in among) + (spent[SHIPPING] if c.get("shipping") else 0)
            units = sum(len(self.goods[r].units) for r in among)
            if name == "least_spend" and money < c["amount"]:
                return False
            if name == "most_spend" and money > c["amount"]:
                return False
            if name in ("least_quantity", "basket_contains") and units < c.get("quantity", 1):
                return False
            if name == "most_quantity" and units > c["quantity"]:
                return False
        return True

    def admitted(self, offer: dict) -> bool:
        if offer.get("state") == "stopped":
            return False
        for condition in offer.get("when", []):
            if "segment" in condition and not set(condition["segment"]["any"]) & set(self.cart["buyer"]["segments"]):
                return False
            if "channel" in condition and self.cart["channel"] not in condition["channel"]["any"]:
                return False
        left = self.cart.get("availability", {}).get(offer["code"], {})
        if any(left.get(name) == 0 for name in ("uses", "buyer_uses", "budget", "units")):
            return False
        return offer.get("kind") != "coupon" or offer["code"] in self.chosen()

    def chosen(self) -> list[str]:
        held = {c["id"]: c["offer"] for c in self.cart.get("wallet", [])}
        return [held[c] for c in self.cart.get("chosen", []) if c in held]

    def coupon(self, offer: dict) -> bool:
        return offer.get("kind") == "coupon"

    def tied(self, a: dict, b: dict, grain: str) -> bool:
        if grain == "order" and (a.get("exclusive") or b.get("exclusive")):
            return True
        if grain == "line" and self.stage(a) == self.stage(b) == "price":
            return False  # each unit takes one price: two prices never serve a line together
        return any({a["code"], b["code"]} == {x, y} and g == grain for x, y, g in self.relations)

    def payers(self, offer: dict) -> list[tuple[str, int]]:
        if offer.get("payers"):
            return [(p["payer"], p["basis_points"]) for p in offer["payers"]]
        return [(f"merchant:{offer['owner']}" if offer.get("owner") else "platform", 10_000)]

    # -- one turn -----------------------------------------------------------------------------------------------

    def amounts(self, offer: dict, state: State, basis: str) -> dict:
        running = state.sums()
        if basis == "list":
            return {row: sum(units) for row, units in self.start.items()}
        if basis == "entry":
            return state.entry if state.stage == self.stage(offer) else running
        if basis == "tag":
            return state.tag if STAGES.index(state.stage) > 0 else running
        if offer.get("group") in state.groups:
            return state.groups[offer["group"]]
        return running

    def turn(self, offer: dict, state: State, rows: list) -> tuple | None:
        """(cuts by row and unit, worth of gifts) of an offer on these rows; None when it cannot serve."""
        if not rows:
            return None
        spent = self.amounts(offer, state, offer.get("threshold_basis", "entry"))
        spend, count = sum(spent[r] for r in rows), sum(len(self.goods[r].units) for r in rows)
        if not self.holds(offer, rows, spent, state):
            return None
        if offer.get("with", {}).get("at", 0) > spend:
            return None
        where = [SHIPPING] if self.stage(offer) == SHIPPING else rows
        where = [*rows, SHIPPING] if offer.get("with", {}).get("shipping") else where
        wish = getattr(self, "give_" + offer["type"])(offer, state, where, spend, count)
        if wish is None:
            return None
        worth = 0
        if offer["type"] == "gift":
            worth = self.gifts(offer, spend, count) * offer["with"].get("value", 0)
        cuts, wish_by_unit = ({}, {}) if offer["type"] == "gift" else wish
        cuts = self.fitted(offer, state, where, cuts)
        cuts = self.affordable(offer, cuts)
        if cuts is None or (not sum(cuts.values()) and offer["type"] != "gift"):
            return None
        by_unit = {r: self.to_units(state, r, cut, wish_by_unit.get(r)) for r, cut in cuts.items() if cut}
        return by_unit, worth

    def affordable(self, offer: dict, cuts: dict) -> dict | None:
        budget = self.cart.get("availability", {}).get(offer["code"], {}).get("budget")
        if budget is None or sum(cuts.values()) <= budget:
            return cuts
        if offer.get("budget", {}).get("short") == "refuse":
            return None
        return dict(zip(cuts, largest_remainder(budget, list(cuts.values())), strict=True))

    def to_units(self, state: State, row, cut: int, wished: list | None) -> list[int]:
        values = state.values[row]
        if wished is not None:
            return wished if sum(wished) == cut else within(cut, wished, values)
        low = 0 if row == SHIPPING else self.goods[row].line.get("tag_floor", 0)
        plain = largest_remainder(cut, values)
        if all(v - p >= low for v, p in zip(values, plain, strict=True)):
            return plain
        return within(cut, values, [max(0, v - low) for v in values])

    def fitted(self, offer: dict, state: State, where: list, cuts: dict) -> dict:
        """No line below its floor; the rest of an amount goes to the others."""
        running, low = state.sums(), {}
        for r in where:
            low[r] = 0 if r == SHIPPING else self.goods[r].floor * len(self.goods[r].units)
        rooms = {r: running[r] - low[r] for r in where}
        fit = {r: min(cut, rooms[r]) for r, cut in cuts.items()}
        over = sum(cuts.values()) - sum(fit.values())
        spill = offer.get("spill") or ("others" if offer["type"] in SPILLS else "lost")
        if over and spill == "others":
            more = within(over, [running[r] for r in fit], [rooms[r] - fit[r] for r in fit])
            fit = {r: cut + extra for (r, cut), extra in zip(fit.items(), more, strict=True)}
        return fit

    def percent(self, offer: dict, amount: int, basis_points: int) -> int:
        rounding = offer.get("rounding", {})
        mode = rounding.get("mode", "half_up")
        if rounding.get("of") == "price":
            return amount - rounded(Fraction(amount * (10_000 - basis_points), 10_000), mode)
        return rounded(Fraction(amount * basis_points, 10_000), mode)

    def weights(self, offer: dict, state: State, where: list) -> list[int]:
        running = state.sums()
        kind = offer.get("weights", "value")
        if kind == "value":
            return [running[r] for r in where]
        return [0 if not running[r] else len(state.values[r]) if kind == "quantity" else 1 for r in where]

    def spread(self, offer: dict, state: State, where: list, amount: int):
        running = state.sums()
        amount = min(amount, sum(running[r] for r in where))
        return dict(zip(where, largest_remainder(amount, self.weights(offer, state, where)), strict=True)), {}

    # -- what each type gives: (cuts by row, cuts by unit where units are pointed at) ----------------------------

    def give_percent(self, offer, state, where, spend, count):
        if any(name in offer["with"] for name in ("units", "units_per_line", "groups_of")):
            return self.some_units(offer, state, where, **offer["with"])
        base, points = self.amounts(offer, state, offer.get("percent_basis", "running")), offer["with"]["basis_points"]
        per = offer.get("rounding", {}).get("per", "line")
        if per == "order":
            total = self.percent(offer, sum(base[r] for r in where), points)
            cuts = dict(zip(where, largest_remainder(total, [base[r] for r in where]), strict=True))
        elif per == "line":
            cuts = {r: self.percent(offer, base[r], points) for r in where}
        else:
            units = {r: largest_remainder(base[r], [1] * len(state.values[r])) for r in where}
            cuts = {r: sum(self.percent(offer, u, points) for u in units[r]) for r in where}
        cap = offer["with"].get("cap")
        if cap is not None and sum(cuts.values()) > cap:
            cuts = dict(zip(where, largest_remainder(cap, [base[r] for r in where]), strict=True))
        return cuts, {}

    def give_amount(self, offer, state, where, spend, count):
        return self.spread(offer, state, where, offer["with"]["off"])

    def give_red_envelope(self, offer, state, where, spend, count):
        amount, left = offer["with"]["amount"], self.held(offer).get("balance")
        if offer["with"].get("divisible"):
            amount = amount if left is None else left
        return self.spread(offer, state, where, amount) if amount else None

    def give_spend_and_save(self, offer, state, where, spend, count):
        fields = offer["with"]
        reached = [t for t in fields["tiers"] if spend >= t["at"]]
        if not reached:
            return None
        tier, times = reached[-1], 1
        if tier.get("basis_points"):
            base = self.amounts(offer, state, offer.get("percent_basis", "running"))
            total = self.percent(offer, sum(base[r] for r in where), tier["basis_points"])
            return dict(zip(where, largest_remainder(total, [base[r] for r in where]), strict=True)), {}
        if fields.get("repeat") and tier is fields["tiers"][-1]:
            times = min(spend // tier["at"], fields.get("times") or 10**9)
        return self.spread(offer, state, where, tier["off"] * times)

    def give_gift(self, offer, state, where, spend, count):
        fields, left = offer["with"], self.left(offer, "units")
        wanted = self.gifts(offer, spend, count, plenty=True)
        if not wanted or (left is not None and left < wanted and fields.get("short") == "refuse"):
            return None
        return {}, {}

    def gifts(self, offer, spend, count, plenty=False) -> int:
        """How many gifts there are."""
        fields, left = offer["with"], self.left(offer, "units")
        rounds = 1
        if fields.get("every"):
            rounds = min(spend // fields["every"], fields.get("times") or 10**9)
        if fields.get("every_units"):
            rounds = min(count // fields["every_units"], fields.get("times") or 10**9)
        wanted = rounds * fields.get("quantity", 1)
        return wanted if left is None or plenty else min(wanted, left)

    def left(self, offer, name: str):
        return self.cart.get("availability", {}).get(offer["code"], {}).get(name)

    def give_free_shipping(self, offer, state, where, spend, count):
        left = state.values[SHIPPING][0]
        return {SHIPPING: min(left, offer["with"].get("cap") or left)}, {}

    def in_order(self, offer, state, rows, which) -> list[tuple]:
        """The units (row, number): by the price on the tag, then those on which most is left, then as they stand."""
        if which == "listed":
            return [(r, i) for r in rows for i in range(len(state.values[r]))]
        tag, sign = self.amounts(offer, state, "tag"), -1 if which == "dearest" else 1
        keyed = [
            (sign * (tag[r] // len(state.values[r])), -value, r, i)
            for r in rows
            for i, value in enumerate(state.values[r])
        ]
        return [(r, i) for _, _, r, i in sorted(keyed)]

    def room(self, state, unit) -> int:
        r, i = unit
        return max(0, state.values[r][i] - self.goods[r].line.get("tag_floor", 0))

    def by_unit(self, state, given: dict):
        """(cuts by row, by unit) of what single units are given; no unit below its floor."""
        rows = {r: [0] * len(state.values[r]) for r, _ in given}
        for (r, i), amount in given.items():
            rows[r][i] = min(amount, self.room(state, (r, i)))
        return {r: sum(units) for r, units in rows.items()}, rows

    def part(self, state, where, scope) -> list:
        if scope is None:
            return list(where)
        found = set(self.within(scope))
        rows = [r for r in where if r in found]
        return self.untouched(state, rows) if scope.get("not_discounted") else rows

    def give_buy_x_get_y(self, offer, state, where, spend, count):
        fields = offer["with"]
        buy, get = fields["buy"], fields.get("get", 1)
        which = fields.get("which", "cheapest")
        buying = self.in_order(offer, state, self.part(state, where, fields.get("bought")), which)
        givable = self.in_order(offer, state, self.part(state, where, fields.get("given")), which)
        groups = fields.get("times") or 10**9
        while groups and (
            groups * buy > len(buying) or groups * get > len(givable) or groups * (buy + get) > len({*buying, *givable})
        ):
            groups = min(groups, count) - 1 if groups > count else groups - 1
        if groups < 1:
            return None
        given: dict = {}
        for unit in givable:
            left_to_buy = len([u for u in buying if u not in given and u != unit])
            if len(given) < groups * get and (unit not in buying or left_to_buy >= groups * buy):
                value = state.values[unit[0]][unit[1]]
                given[unit] = fields.get("off") or self.percent(offer, value, fields.get("basis_points", 10_000))
        return self.by_unit(state, given)

    def some_units(self, offer, state, where, basis_points, units=10**9, units_per_line=10**9, groups_of=1,
                   which="cheapest", cap=None):  # fmt: skip
        used: dict = {}
        picked = []
        for unit in self.in_order(offer, state, where, which):
            if used.setdefault(unit[0], 0) < units_per_line:
                used[unit[0]] += 1
                picked.append(unit)
        picked = picked[:units]
        picked = picked[: len(picked) // groups_of * groups_of]
        if not picked:
            return None
        given = {(r, i): self.percent(offer, state.values[r][i], basis_points) for r, i in picked}
        cuts, rows = self.by_unit(state, given)
        if cap is not None and sum(cuts.values()) > cap:
            flat = [(r, i) for r in sorted(rows) for i in range(len(rows[r]))]
            parts = largest_remainder(cap, [rows[r][i] for r, i in flat])
            return self.by_unit(state, dict(zip(flat, parts, strict=True)))
        return cuts, rows

    def give_n_at_percent(self, offer, state, where, spend, count):
        f = offer["with"]
        units = f["units"] * (f.get("times") or 10**6)
        return self.some_units(
            offer, state, where, f["basis_points"], units, groups_of=f["units"], which=f.get("which", "cheapest")
        )

    def together(self, state, group: list, price: int, given: dict) -> int:
        """Bring a group of units down to a price; what that saves."""
        values = [state.values[r][i] for r, i in group]
        if sum(values) <= price:
            return 0
        parts = within(sum(values) - price, values, [self.room(state, unit) for unit in group])
        given |= dict(zip(group, parts, strict=True))
        return sum(parts)

    def give_n_for_price(self, offer, state, where, spend, count):
        f = offer["with"]
        order, n = self.in_order(offer, state, where, f.get("which", "dearest")), f["units"]
        given: dict = {}
        groups = min(len(order) // n, f.get("times") or 10**9)
        for g in range(groups):
            self.together(state, order[g * n : g * n + n], f["price"], given)
        return self.by_unit(state, given) if groups else None

    def give_nth_item(self, offer, state, where, spend, count):
        f = offer["with"]
        given: dict = {}
        together: dict = {}
        for r in where:
            together.setdefault(self.goods[r].line["sku"] if f.get("per") == "sku" else "", []).append(r)
        nths = []
        for rows in together.values():
            nths += self.in_order(offer, state, rows, f.get("which", "dearest"))[f["nth"] - 1 :: f["nth"]]
        for r, i in nths[: f.get("times")]:
            given[r, i] = self.percent(offer, state.values[r][i], f["basis_points"])
        return self.by_unit(state, given) if nths else None

    def give_bundle(self, offer, state, where, spend, count):
        f = offer["with"]
        given: dict = {}
        pools = [
            (self.in_order(offer, state, self.part(state, where, p["goods"]), f.get("which", "dearest")), p.get("quantity", 1))
            for p in f["pieces"]
        ]  # fmt: skip
        pools.sort(key=lambda pool: len(pool[0]))
        taken: set = set()
        sets = 0
        while sets < (f.get("times") or 10**9):
            group: list = []
            for pool, quantity in pools:
                group += [u for u in pool if u not in taken and u not in group][:quantity]
            if len(group) < sum(quantity for _, quantity in pools):
                break
            if not self.together(state, group, f["price"], given):
                return self.by_unit(state, given)
            taken |= set(group)
            sets += 1
        return self.by_unit(state, given) if sets else None

    def give_amount_each(self, offer, state, where, spend, count):
        f = offer["with"]
        order = self.in_order(offer, state, where, f.get("which", "cheapest"))
        if f.get("per") == "line":
            order = list(dict.fromkeys(r for r, _ in order))
        order = order[: f.get("units")]
        off = {one: f.get("additional", f["off"]) if number else f["off"] for number, one in enumerate(order)}
        if f.get("per") == "line":
            return {r: min(off.get(r, 0), sum(state.values[r])) for r in where}, {}
        return self.by_unit(state, off)

    def give_buy_more(self, offer, state, where, spend, count):
        f = offer["with"]
        reached = [step for step in f["steps"] if count >= step["units"]]
        if not reached:
            return None
        step = reached[-1]
        if step.get("basis_points"):
            base = self.amounts(offer, state, offer.get("percent_basis", "running"))
            total = self.percent(offer, sum(base[r] for r in where), step["basis_points"])
            return dict(zip(where, largest_remainder(total, [base[r] for r in where]), strict=True)), {}
        rounds = 1
        if f.get("repeat") and step is f["steps"][-1]:
            rounds = min(count // step["units"], f.get("times") or 10**9)
        return self.spread(offer, state, where, step["off"] * rounds)

    def give_add_on(self, offer, state, where, spend, count):
        f = offer["with"]
        added = self.part(state, where, f["goods"])
        others = [r for r in where if r not in added]
        amounts = self.amounts(offer, state, offer.get("threshold_basis", "entry"))
        spent = sum(amounts[r] for r in others)
        if spent < f.get("at", 0) or not added or not (others or f.get("at")):
            return None
        wanted = f.get("units", 1) * (spent // f["at"] if f.get("repeat") else 1)
        order = self.in_order(offer, state, added, f.get("which", "dearest"))[:wanted]
        return self.by_unit(state, {(r, i): max(0, state.values[r][i] - f["price"]) for r, i in order})

    def give_cross_store(self, offer, state, where, spend, count):
        return self.give_spend_and_save(offer, state, where, spend, count)

    def give_shipping_off(self, offer, state, where, spend, count):
        if offer["with"].get("off"):
            return self.spread(offer, state, where, offer["with"]["off"])
        return self.give_percent(offer, state, where, spend, count)

    def give_match_coupon(self, offer, state, where, spend, count):
        cuts, upto = dict.fromkeys(where, 0), offer["with"]["upto"]
        running, met = state.sums(), False
        for other in self.offers:
            if not self.coupon(other) or self.balance(other) or other["code"] not in state.took:
                continue
            took = {r: sum(u) for r, u in state.took[other["code"]].items() if r in cuts and sum(u)}
            taken = sum(took.values())
            if 0 < taken < upto:
                met = True
                match = within(min(taken, upto - taken), list(took.values()), [running[r] - cuts[r] for r in took])
                for r, more in zip(took, match, strict=True):
                    cuts[r] += more
        return (cuts, {}) if met else None

    # -- the price stage: every unit the lowest price ------------------------------------------------------------

    def flash(self, members: list[dict]) -> tuple[dict, dict]:
        """(values, took) after the price stage with these price offers in it."""
        values = {row: list(units) for row, units in self.start.items()}
        took: dict = {}
        bids = {offer["code"]: self.bid(offer) for offer in self.offers if offer in members}
        for r, goods in enumerate(self.goods):
            mine = [(-Fraction(*bid[r]), i, code, *bid[r]) for i, (code, bid) in enumerate(bids.items()) if r in bid]
            first = 0
            for _, _, code, cut, n in sorted(mine):
                m = min(n, len(goods.units) - first)
                if m and (part := cut * m // n):
                    by_unit = [0] * len(goods.units)
                    by_unit[first : first + m] = largest_remainder(part, [1] * m)
                    values[r] = [v - c for v, c in zip(values[r], by_unit, strict=True)]
                    took.setdefault(code, {})[r] = by_unit
                first += m
        return values, took

    def bid(self, offer: dict) -> dict:
        """What a price offer takes off each of its rows and on how many units: (cut, units); floors, budget, limits."""
        cuts: dict = {}
        if self.eligible_price(offer):
            for r in self.rows(offer):
                goods = self.goods[r]
                room = (goods.line["unit_price"] - goods.floor) * len(goods.units)
                cuts[r] = max(0, min(room, self.lower(offer, goods)))
        cuts = self.affordable(offer, cuts) or {}
        limits = [n for n in (self.left(offer, "units"), offer["with"].get("units")) if n is not None]
        limit, bids = min(limits, default=10**9), {}
        for r in sorted(cuts, key=lambda r: (-Fraction(cuts[r], len(self.goods[r].units)), r)):
            quantity = len(self.goods[r].units)
            n = min(limit, quantity)
            limit -= n
            if n and cuts[r] * n // quantity:
                bids[r] = (cuts[r] * n // quantity, n)
        return bids

    def lower(self, offer: dict, goods: Goods) -> int:
        """How much less a row costs at this price."""
        price, points = offer["with"].get("price"), 0
        if offer["type"] == "member_price":
            mine = [p for p in offer["with"]["levels"] if p["level"] == self.cart["buyer"].get("level")]
            if not mine:
                return 0
            price, points = mine[0].get("price"), mine[0].get("basis_points", 0)
        if price is None:
            return self.percent(offer, sum(goods.units), points)
        return sum(goods.units) - price * len(goods.units)

    def eligible_price(self, offer: dict) -> bool:
        spent = {row: sum(units) for row, units in self.start.items()}
        return self.holds(offer, self.rows(offer), spent, State(self.start))

    # -- a set ----------------------------------------------------------------------------------------------------

    def play(self, members: list[str]) -> tuple[State, dict] | None:
        """The end of a set, and for every offer outside of it whether it could have served at its place; None if one
        of the members cannot serve."""
        inside = [o for o in self.offers if o["code"] in members]
        prices = [o for o in inside if self.stage(o) == "price"]
        values, took = self.flash(prices)
        if len(took) < len(prices):
            return None
        state = State(values, entry={r: sum(u) for r, u in self.start.items()})
        state.took = took
        for code, rows in took.items():
            for r in rows:
                state.serving.setdefault(r, set()).add(code)
        could = {}
        for offer in self.offers:
            code = offer["code"]
            if self.stage(offer) == "price":
                if code not in members:
                    could[code] = code in self.flash([*prices, offer])[1]
                continue
            rows = self.open_rows(offer, state)
            got = self.turn(offer, state, rows)
            if code not in members:
                could[code] = got is not None
                continue
            if got is None:
                return None
            self.apply(offer, state, rows, *got)
        return state, could

    def open_rows(self, offer: dict, state: State) -> list[int]:
        by_code = {o["code"]: o for o in self.offers}
        rows = self.rows(offer)
        if (offer.get("scope") or {}).get("not_discounted"):
            rows = self.untouched(state, rows)
        return [r for r in rows if not any(self.tied(offer, by_code[c], "line") for c in state.serving.get(r, ()))]

    def apply(self, offer: dict, state: State, rows: list, by_unit: dict, worth: int) -> None:
        stage, before = self.stage(offer), state.sums()
        if state.stage == "price":
            state.tag = before
        if stage != state.stage:
            state.entry, state.stage = before, stage
        if offer.get("group") is not None:
            state.groups.setdefault(offer["group"], before)
        for r, cuts in by_unit.items():
            state.values[r] = [v - c for v, c in zip(state.values[r], cuts, strict=True)]
        for r in rows:
            state.serving.setdefault(r, set()).add(offer["code"])
        state.took[offer["code"]] = by_unit
        state.worth += worth
        if self.balance(offer):
            state.drawn += sum(sum(cuts) for cuts in by_unit.values())

    def legal(self, members: list[str], state: State, could: dict) -> bool:
        by_code = {o["code"]: o for o in self.offers}
        inside = [by_code[c] for c in members]
        if any(self.tied(a, b, "order") for a, b in combinations(inside, 2)):
            return False
        for code, possible in could.items():
            offer = by_code[code]
            aside = offer.get("steps_aside") and self.policy.get("objective") != "priority"
            if not possible or self.coupon(offer) or aside:
                continue
            if not any(self.pushes_out(member, offer, state) for member in inside):
                return False
        return True

    def pushes_out(self, member: dict, offer: dict, state: State) -> bool:
        """Whether a member of the set ties the offer out of it: `always` yields to its like alone."""
        if self.strict and offer.get("always") and not member.get("always"):
            return False
        if self.strict and self.by_priority() and not self.coupon(member) and not member.get("always"):
            if self.rank(member) > self.rank(offer):
                return False
        if self.tied(member, offer, "order"):
            return True
        serves = {r for r, codes in state.serving.items() if member["code"] in codes}
        return self.tied(member, offer, "line") and bool(serves & set(self.rows(offer)))

    def by_priority(self) -> bool:
        return "priority" in self.policy.values()

    def rank(self, offer: dict) -> tuple:
        return offer.get("priority", 100), self.offers.index(offer)

    def all_legal(self, codes: list[str]) -> list[tuple[list[str], State]]:
        legal = []
        for n in range(len(codes) + 1):
            for members in combinations(codes, n):
                played = self.play(list(members))
                if played is not None and self.legal(list(members), *played):
                    legal.append((list(members), played[0]))
        return legal

    def best(self) -> tuple[list[str], State]:
        """The best legal set and its end."""
        codes = [o["code"] for o in self.offers]
        legal = self.all_legal(codes)
        if not legal:  # not every promise can be kept: then only the exclusions are
            self.strict = False
            legal = self.all_legal(codes)
        chosen = [c for c in self.chosen() if c in codes]
        parts = {frozenset(set(m) & set(chosen)) for m, _ in legal}
        largest = {p for p in parts if not any(p < other for other in parts)}
        legal = [(m, s) for m, s in legal if frozenset(set(m) & set(chosen)) in largest]
        return min(legal, key=lambda item: self.order(item, chosen))

    def order(self, item: tuple[list[str], State], chosen: list[str]):
        members, state = item
        by_code = {o["code"]: o for o in self.offers}
        coupons = sorted(self.rank(by_code[c]) for c in members if c in chosen) if self.by_priority() else []
        ranked = sorted((by_code[c].get("priority", 100), c) for c in members)
        return (
            [*coupons, (10**9,)],
            -self.saved(state),
            [c not in members for c in chosen],
            state.drawn,
            [c not in members for c in chosen],
            len(members),
            ranked,
        )

    def saved(self, state: State) -> int:
        """What the set saves, gifts at their stated value."""
        before = sum(sum(units) for units in self.start.values())
        return before - sum(sum(units) for units in state.values.values()) + state.worth - state.drawn


SPILLS = {"amount", "red_envelope", "spend_and_save", "buy_more", "cross_store", "allowance"}
