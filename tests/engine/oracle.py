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

    def sums(self) -> dict:
        return {row: sum(units) for row, units in self.values.items()}


class Oracle:
    def __init__(self, data: dict, cart: dict) -> None:
        self.cart, self.strict = cart, True
        self.policy = data.get("policy", {})
        alike: dict = {}
        for line in cart["lines"]:
            key = repr(sorted((k, v) for k, v in line.items() if k not in ("id", "quantity")))
            alike.setdefault(key, []).append(line)
        goods = []
        for lines in alike.values():
            lines = sorted(lines, key=lambda one: one["id"])
            units = [one["unit_price"] for one in lines for _ in range(one["quantity"])]
            goods.append(Goods(lines, lines[0], units))
        self.goods = sorted(goods, key=lambda g: g.lines[0]["id"])
        self.offers = [o for o in data["offers"] if self.rows(o)]
        self.offers = [o for o in self.offers if self.admitted(o)]
        self.offers.sort(key=lambda o: (STAGES.index(self.stage(o)), o.get("priority", 100), o["code"]))
        self.relations = [
            (*x["between"], x.get("grain", "order")) for x in data.get("exclusions", [])
        ]  # fmt: skip
        self.start = {i: list(g.units) for i, g in enumerate(self.goods)} | {SHIPPING: [cart.get("shipping", 0)]}

    # -- what is said of an offer -------------------------------------------------------------------------------

    def stage(self, offer: dict) -> str:
        if offer.get("stage"):
            return offer["stage"]
        return {
            "flash_price": "price", "percent": "item", "buy_x_get_y": "item", "spend_and_save": "store",
            "amount": "store", "gift": "platform", "free_shipping": "shipping", "red_envelope": "payment",
            "match_coupon": "payment",
        }[offer["type"]]  # fmt: skip

    def rows(self, offer: dict) -> list[int]:
        scope = dict(offer.get("scope") or {"all": True})
        but = scope.pop("except", {})
        scope.pop("all", None)

        def has(line: dict, attribute: str, values: list) -> bool:
            held = line.get({"tag": "tags"}.get(attribute, attribute), [])
            return any(v in values for v in (held if isinstance(held, list) else [held]))

        return [
            i
            for i, g in enumerate(self.goods)
            if all(has(g.line, a, v) for a, v in scope.items()) and not any(has(g.line, a, v) for a, v in but.items())
        ]

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
        order_spend = sum(v for r, v in spent.items() if r != SHIPPING)
        for condition in offer.get("when", []):
            if "least_spend" in condition:
                c = condition["least_spend"]
                if (order_spend if c.get("of") == "order" else spend) < c["amount"]:
                    return None
            if "least_quantity" in condition and count < condition["least_quantity"]["quantity"]:
                return None
        if offer.get("with", {}).get("at", 0) > spend:
            return None
        where = [SHIPPING] if self.stage(offer) == SHIPPING else rows
        wish = getattr(self, "give_" + offer["type"])(offer, state, where, spend, count)
        if wish is None:
            return None
        worth = 0
        if offer["type"] == "gift":
            worth = offer["with"].get("quantity", 1) * offer["with"].get("value", 0)
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
        return self.spread(offer, state, where, offer["with"]["amount"])

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
        return {}, {}

    def give_free_shipping(self, offer, state, where, spend, count):
        left = state.values[SHIPPING][0]
        return {SHIPPING: min(left, offer["with"].get("cap") or left)}, {}

    def give_buy_x_get_y(self, offer, state, where, spend, count):
        fields = offer["with"]
        get = fields.get("get", 1)
        groups = min(count // (fields["buy"] + get), fields.get("times") or 10**9)
        if not groups:
            return None
        tag = self.amounts(offer, state, "tag")
        sign = -1 if fields.get("which") == "dearest" else 1
        order = [
            (sign * (tag[r] // len(state.values[r])), -value, r, i)
            for r in where
            for i, value in enumerate(state.values[r])
        ]
        by_unit = {r: [0] * len(state.values[r]) for r in where}
        for _, _, r, i in sorted(order)[: groups * get]:
            value = state.values[r][i]
            off = self.percent(offer, value, fields.get("basis_points", 10_000))
            by_unit[r][i] = min(off, max(0, value - self.goods[r].line.get("tag_floor", 0)))
        return {r: sum(units) for r, units in by_unit.items()}, by_unit

    def give_match_coupon(self, offer, state, where, spend, count):
        cuts, upto = dict.fromkeys(where, 0), offer["with"]["upto"]
        running, met = state.sums(), False
        for other in self.offers:
            if not self.coupon(other) or other["code"] not in state.took:
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
            cut, code = max(
                [(bid.get(r, 0), -i, code) for i, (code, bid) in enumerate(bids.items())], default=(0, 0, "")
            )[::2]
            if cut:
                by_unit = largest_remainder(cut, [1] * len(goods.units))
                values[r] = [v - c for v, c in zip(values[r], by_unit, strict=True)]
                took.setdefault(code, {})[r] = by_unit
        return values, took

    def bid(self, offer: dict) -> dict:
        """What a price offer takes off each of its rows, floors and budget respected."""
        cuts = {}
        if self.eligible_price(offer):
            for r in self.rows(offer):
                goods = self.goods[r]
                cuts[r] = max(0, goods.line["unit_price"] - max(offer["with"]["price"], goods.floor)) * len(goods.units)
        return self.affordable(offer, cuts) or {}

    def eligible_price(self, offer: dict) -> bool:
        rows = self.rows(offer)
        spend = sum(sum(self.start[r]) for r in rows)
        for condition in offer.get("when", []):
            if "least_spend" in condition and spend < condition["least_spend"]["amount"]:
                return False
            if "least_quantity" in condition:
                if sum(len(self.goods[r].units) for r in rows) < condition["least_quantity"]["quantity"]:
                    return False
        return True

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
        return [
            r
            for r in self.rows(offer)
            if not any(self.tied(offer, by_code[c], "line") for c in state.serving.get(r, ()))
        ]

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
        return ([*coupons, (10**9,)], -self.saved(state), [c not in members for c in chosen], len(members), ranked)

    def saved(self, state: State) -> int:
        """What the set saves, gifts at their stated value."""
        before = sum(sum(units) for units in self.start.values())
        return before - sum(sum(units) for units in state.values.values()) + state.worth


SPILLS = {"amount", "red_envelope", "spend_and_save"}
