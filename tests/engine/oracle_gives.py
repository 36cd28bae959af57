"""What each benefit of the slow engine gives: (cuts by row, cuts by unit where it points at units), or why nothing."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from tests.engine.oracle_terms import BALANCES, EXPRESSIONS, STAGES, Terms

SHIPPING = "shipping"
MANY = 10**9


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
    scarce: set = field(default_factory=set)  # codes of which less is left than the cart would use
    kept: dict = field(default_factory=dict)  # row → what its merchant keeps

    def sums(self) -> dict:
        return {row: sum(units) for row, units in self.values.items()}


class Gives(Terms):
    """One turn of one offer."""

    goods: list[Goods]
    offers: list[dict]
    start: dict
    net: bool

    # -- where ----------------------------------------------------------------------------------------------------

    def within(self, scope: dict) -> list[int]:
        """The rows of a scope, whatever was taken from them."""
        scope = dict(scope)
        but, prices = scope.pop("except", None) or {}, scope.pop("list_price", None) or {}
        scope.pop("all", None), scope.pop("not_discounted", None)

        def has(goods: Goods, attribute: str, values: list) -> bool:
            if attribute == "line":
                return any(line["id"] in values for line in goods.lines)
            held = goods.line.get({"tag": "tags"}.get(attribute, attribute)) or []
            return any(v in values for v in (held if isinstance(held, list) else [held]))

        return [
            i
            for i, g in enumerate(self.goods)
            if all(has(g, a, v) for a, v in scope.items())
            and not any(has(g, a, v) for a, v in but.items())
            and prices.get("from", 0) <= g.line["unit_price"] <= prices.get("to", 10**15)
        ]

    def rows(self, offer: dict) -> list[int]:
        if self.cart.get("only_sum") and self.supposed(offer):
            return [0]
        return self.within(offer.get("scope") or {"all": True})

    def untouched(self, state: State, rows: list) -> list:
        return [r for r in rows if sum(state.values[r]) == sum(self.start[r])]

    def part(self, offer: dict, state: State, where: list, scope) -> list:
        """The rows that a scope narrows an offer's rows to; prices do not ask what was taken."""
        if scope is None:
            return list(where)
        found = {0} if self.cart.get("only_sum") else set(self.within(scope))  # it was seen, or it has no turn
        rows = [r for r in where if r in found]
        return self.untouched(state, rows) if scope.get("not_discounted") and offer["stage"] != "price" else rows

    # -- the amounts that are looked at ---------------------------------------------------------------------------

    def amounts(self, offer: dict, state: State, basis: str) -> dict:
        running = state.sums()
        if basis == "list" or offer["stage"] == "price":
            return {row: sum(units) for row, units in self.start.items()}
        if basis == "entry":
            return state.entry if state.stage == offer["stage"] else running
        if basis == "tag":
            return state.tag if STAGES.index(state.stage) > 0 else running
        return {row: sum(units) for row, units in self.sight(offer, state).items()}

    def sight(self, offer: dict, state: State) -> dict:
        """The units that an offer sees: those of one group within a stage, what the first of them saw."""
        return state.groups.get((offer["stage"], offer.get("group")), state.values)

    def seen(self, offer: dict, state: State, unit: tuple) -> int:
        """What an offer sees of a single unit."""
        return self.sight(offer, state)[unit[0]][unit[1]]

    def base(self, offer: dict, state: State) -> dict:
        return self.amounts(offer, state, offer["percent_basis"])

    def holds(self, offer: dict, rows: list, state: State) -> bool:
        """Whether the conditions on amounts and quantities hold."""
        spent = self.amounts(offer, state, offer["threshold_basis"])
        for name, c in offer["when"]:
            among = rows
            if c.get("of") == "order":
                among = list(range(len(self.goods)))
            if "goods" in c:
                among = self.part(offer, state, list(range(len(self.goods))), c["goods"])
            money = sum(spent[r] for r in among) + (spent[SHIPPING] if c.get("shipping") else 0)
            units = sum(len(self.goods[r].units) for r in among)
            if name == "expression":
                order = sum(spent[r] for r in range(len(self.goods))), sum(len(g.units) for g in self.goods)
                if not EXPRESSIONS[c["text"]](self, (money, units), order):
                    return False
            if name == "least_spend" and money < c["amount"]:
                return False
            if name == "most_spend" and money > c["amount"]:
                return False
            if self.cart.get("only_sum") and name in ("least_quantity", "basket_contains"):
                continue  # staff counted
            if name in ("least_quantity", "basket_contains") and units < c.get("quantity", 1):
                return False
            if name == "most_quantity" and units > c["quantity"]:
                return False
        return True

    # -- one turn -------------------------------------------------------------------------------------------------

    def turn(self, offer: dict, state: State, rows: list):
        """(cuts by row and unit, worth of gifts, whether scarce) of an offer on these rows; or the verdict of its refusal."""
        if (offer.get("scope") or {}).get("not_discounted"):
            rows = self.untouched(state, rows)
            if not rows:
                return "not_met"
        if not self.holds(offer, rows, state):
            return "not_met"
        where = [SHIPPING] if offer["stage"] == SHIPPING else list(rows)
        if offer["benefit"] == "balance_off" and offer["with"].get("shipping"):
            where = [*rows, SHIPPING]
        wish = self.give(offer, state, rows, where)
        if isinstance(wish, str):
            return wish
        cuts, by_unit = wish[:2]
        gifts = wish[2] if len(wish) > 2 else 0
        fit = self.fitted(offer, state, where, cuts)
        given = self.affordable(offer, fit)
        if given is None:
            return "stock"
        scarce = sum(given.values()) < sum(fit.values()) or (offer["benefit"] == "gift" and self.few(offer, wish[3]))
        if not sum(given.values()) and offer["benefit"] != "gift":
            return "floor"
        return {r: self.to_units(state, r, cut, by_unit.get(r)) for r, cut in given.items() if cut}, gifts, scarce

    def give(self, offer: dict, state: State, rows: list, where: list):
        spent = self.amounts(offer, state, offer["threshold_basis"])
        spend, count = sum(spent[r] for r in rows), sum(len(self.goods[r].units) for r in rows)
        return getattr(self, "give_" + offer["benefit"])(offer, offer["with"], state, where, spend, count)

    def few(self, offer: dict, wanted: int) -> bool:
        """Whether fewer units are left of it than are wanted."""
        left = self.left(offer, "units")
        return left is not None and left < wanted

    def affordable(self, offer: dict, cuts: dict) -> dict | None:
        budget = self.left(offer, "budget")
        if budget is None or sum(cuts.values()) <= budget:
            return cuts
        if (offer.get("budget") or {}).get("short") == "refuse":
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
        """No line below its floors; the rest of an amount goes to the others."""
        running = state.sums()
        rooms = {r: self.space(offer, state, r, running[r]) for r in where}
        fit = {r: min(cuts.get(r, 0), rooms[r]) for r in where}
        over = sum(cuts.values()) - sum(fit.values())
        if over and offer["spill"] == "others":
            more = within(over, [running[r] for r in fit], [rooms[r] - fit[r] for r in fit])
            fit = {r: cut + extra for (r, cut), extra in zip(fit.items(), more, strict=True)}
        return fit

    def space(self, offer: dict, state: State, r, value: int) -> int:
        """How much a row can still give: what the shopper pays and what its merchant keeps have floors."""
        if r == SHIPPING:
            return value
        goods = self.goods[r]
        space = value - goods.floor * len(goods.units)
        net = min(goods.line.get("net_floor", 0) * len(goods.units), sum(self.start[r]))
        weight, slack = self.merchant_part(offer, r)
        if net and weight:
            kept = state.kept.get(r, sum(self.start[r]))
            space = min(space, max(0, kept - net - slack) * 10_000 // weight)
        return space

    def merchant_part(self, offer: dict, r) -> tuple[int, int]:
        """The weight of the row's merchant, and by how many minor units rounding may add to its part."""
        merchant = self.cart.get("merchant", "") if r == SHIPPING else self.goods[r].line.get("merchant", "")
        mine = [p in ("merchant", f"merchant:{merchant}") for p, _ in offer["payers"]]
        weight = sum(w for m, (_, w) in zip(mine, offer["payers"], strict=True) if m)
        return weight, len(mine) - 1 if mine[-1] else 0

    def bears(self, offer: dict, r, cut: int) -> int:
        """What the row's merchant is counted with: its part rounded up, and what rounding may add."""
        weight, slack = self.merchant_part(offer, r)
        return min(cut, ceil(Fraction(cut * weight, 10_000)) + slack) if weight else 0

    def percent(self, offer: dict, amount: int, basis_points: int) -> int:
        rounding = offer.get("rounding") or {}
        mode = rounding.get("mode", "half_up")
        if rounding.get("of") == "price":
            return amount - rounded(Fraction(amount * (10_000 - basis_points), 10_000), mode)
        return rounded(Fraction(amount * basis_points, 10_000), mode)

    def spread(self, offer: dict, state: State, where: list, amount: int):
        running = state.sums()
        amount, kind = min(amount, sum(running[r] for r in where)), offer["weights"]
        weights = [running[r] for r in where]
        if kind != "value":
            weights = [0 if not running[r] else len(state.values[r]) if kind == "quantity" else 1 for r in where]
        return dict(zip(where, largest_remainder(amount, weights), strict=True)), {}

    def of_all(self, offer: dict, state: State, where: list, points: int, most: int | None = None):
        """A percentage of the sum, at most so much, divided over the rows."""
        base = self.base(offer, state)
        total = self.percent(offer, sum(base[r] for r in where), points)
        total = total if most is None else min(total, most)
        return dict(zip(where, largest_remainder(total, [base[r] for r in where]), strict=True)), {}

    # -- single units ---------------------------------------------------------------------------------------------

    def in_order(self, offer, state, rows, which) -> list[tuple]:
        """The units (row, number): by the price on the tag, then those on which most is left, then as they stand."""
        if which == "listed":
            return [(r, i) for r in rows for i in range(len(state.values[r]))]
        tag, sign = self.amounts(offer, state, "tag"), -1 if which == "dearest" else 1
        keyed = [
            (sign * (tag[r] // len(state.values[r])), -value, r, i)
            for r in rows
            for i, value in enumerate(self.sight(offer, state)[r])
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

    def at_most(self, state, given: dict, cap: int | None):
        """The same, in all at most so much: divided over the units by what each would be given."""
        cuts, rows = self.by_unit(state, given)
        if cap is not None and sum(cuts.values()) > cap:
            flat = [(r, i) for r in sorted(rows) for i in range(len(rows[r]))]
            parts = largest_remainder(cap, [rows[r][i] for r, i in flat])
            return self.by_unit(state, dict(zip(flat, parts, strict=True)))
        return cuts, rows

    def together(self, offer, state, group: list, price: int, given: dict) -> int:
        """Bring a group of units down to a price; what that saves."""
        values = [self.seen(offer, state, unit) for unit in group]
        if sum(values) <= price:
            return 0
        parts = within(sum(values) - price, values, [self.room(state, unit) for unit in group])
        given |= dict(zip(group, parts, strict=True))
        return sum(parts)

    # -- benefits -------------------------------------------------------------------------------------------------

    def give_value_unknown(self, offer, f, state, where, spend, count):
        return "not_met"

    def give_percent_off(self, offer, f, state, where, spend, count):
        base, points = self.base(offer, state), f["basis_points"]
        per = (offer.get("rounding") or {}).get("per", "line")
        if per == "order":
            cuts = self.of_all(offer, state, where, points)[0]
        elif per == "line":
            cuts = {r: self.percent(offer, base[r], points) for r in where}
        else:
            units = {r: largest_remainder(base[r], [1] * len(state.values[r])) for r in where}
            cuts = {r: sum(self.percent(offer, u, points) for u in units[r]) for r in where}
        if f.get("cap") is not None and sum(cuts.values()) > f["cap"]:
            cuts = dict(zip(where, largest_remainder(f["cap"], [base[r] for r in where]), strict=True))
        return cuts, {}

    def give_percent_off_units(self, offer, f, state, where, spend, count):
        used: dict = {}
        picked = []
        for unit in self.in_order(offer, state, where, f.get("which", "cheapest")):
            if used.setdefault(unit[0], 0) < f.get("units_per_line", MANY):
                used[unit[0]] += 1
                picked.append(unit)
        picked, group = picked[: f.get("units", MANY)], f.get("groups_of", 1)
        picked = picked[: len(picked) // group * group]
        if not picked:
            return "not_met"
        given = {unit: self.percent(offer, self.seen(offer, state, unit), f["basis_points"]) for unit in picked}
        return self.at_most(state, given, f.get("cap"))

    def give_amount_off(self, offer, f, state, where, spend, count):
        return self.spread(offer, state, where, f["amount"])

    def give_goods_for_price(self, offer, f, state, where, spend, count):
        cost = self.amounts(offer, state, "running")  # a price is a price of what is left, whatever percentages look at
        return self.spread(offer, state, where, max(0, sum(cost[r] for r in where) - f["price"]))

    def give_balance_off(self, offer, f, state, where, spend, count):
        left = self.coupons[offer["code"]].get("balance")
        return self.spread(offer, state, where, f["amount"] if left is None else left)

    def give_amount_by_tier(self, offer, f, state, where, spend, count, most=None):
        reached = [t for t in f["tiers"] if spend >= t["at"]]
        if not reached:
            return "not_met"
        tier, times = reached[-1], 1
        if tier.get("basis_points"):
            limits = [n for n in (most, tier.get("cap")) if n is not None]
            return self.of_all(offer, state, where, tier["basis_points"], min(limits, default=None))
        if f.get("repeat") and tier is f["tiers"][-1]:
            times = min(spend // tier["at"], f.get("times", MANY))
        total = tier["off"] * times
        return self.spread(offer, state, where, total if most is None else min(total, most))

    def give_allowance_by_tier(self, offer, f, state, where, spend, count):
        left = self.coupons[offer["code"]]["balance"]
        return self.give_amount_by_tier(offer, f, state, where, spend, count, left)

    def give_amount_by_quantity(self, offer, f, state, where, spend, count):
        reached = [step for step in f["steps"] if count >= step["units"]]
        if not reached:
            return "not_met"
        step, rounds = reached[-1], 1
        if step.get("basis_points"):
            return self.of_all(offer, state, where, step["basis_points"], step.get("cap"))
        if f.get("repeat") and step is f["steps"][-1]:
            rounds = min(count // step["units"], f.get("times", MANY))
        return self.spread(offer, state, where, step["off"] * rounds)

    def give_deposit_off(self, offer, f, state, where, spend, count):
        order = self.in_order(offer, state, where, "listed")[: f.get("units")]
        return self.by_unit(state, dict.fromkeys(order, f["counts"] - f["deposit"]))

    def give_gift(self, offer, f, state, where, spend, count):
        rounds, left = 1, self.left(offer, "units")
        if f.get("every"):
            rounds = min(spend // f["every"], f.get("times", MANY))
        if f.get("every_units"):
            rounds = min(count // f["every_units"], f.get("times", MANY))
        wanted = rounds * f.get("quantity", 1)
        if not wanted:
            return "not_met"
        if left is not None and left < wanted and f.get("short") == "refuse":
            return "stock"
        given = wanted if left is None or f.get("instead") else min(wanted, left)
        return {}, {}, given * f.get("value", 0), wanted

    def give_free_shipping(self, offer, f, state, where, spend, count):
        left = state.values[SHIPPING][0]
        return {SHIPPING: min(left, f.get("cap", left))}, {}

    def give_buy_x_get_y(self, offer, f, state, where, spend, count):
        buy, get, which = f["buy"], f.get("get", 1), f.get("which", "cheapest")
        buying = self.in_order(offer, state, self.part(offer, state, where, f.get("bought")), which)
        givable = self.in_order(offer, state, self.part(offer, state, where, f.get("given")), which)
        groups = f.get("times", MANY)
        while groups and (
            groups * buy > len(buying) or groups * get > len(givable) or groups * (buy + get) > len({*buying, *givable})
        ):
            groups = min(groups, count) - 1 if groups > count else groups - 1
        if groups < 1:
            return "not_met"
        given: dict = {}
        for unit in givable:
            left_to_buy = len([u for u in buying if u not in given and u != unit])
            if len(given) < groups * get and (unit not in buying or left_to_buy >= groups * buy):
                value = self.seen(offer, state, unit)
                given[unit] = f.get("off") or self.percent(offer, value, f.get("basis_points", 10_000))
                if "price" in f:
                    given[unit] = max(0, value - f["price"])
        return self.by_unit(state, given)

    def give_units_for_price(self, offer, f, state, where, spend, count):
        order, n = self.in_order(offer, state, where, f.get("which", "dearest")), f["units"]
        given: dict = {}
        groups = min(len(order) // n, f.get("times", MANY))
        for g in range(groups):
            self.together(offer, state, order[g * n : g * n + n], f["price"], given)
        return self.by_unit(state, given) if groups else "not_met"

    def give_nth_item(self, offer, f, state, where, spend, count):
        given: dict = {}
        together: dict = {}
        for r in where:
            together.setdefault(self.goods[r].line["sku"] if f.get("per") == "sku" else "", []).append(r)
        nths = []
        for rows in together.values():
            nths += self.counted_off(offer, state, rows, f)
        for r, i in nths[: f.get("times")]:
            value = self.seen(offer, state, (r, i))
            given[r, i] = max(0, value - f["price"]) if "price" in f else self.percent(offer, value, f["basis_points"])
        return self.at_most(state, given, f.get("cap")) if nths else "not_met"

    def counted_off(self, offer, state, rows, f) -> list[tuple]:
        """Every nth unit. Those at one price may change places: of them most is left on the nths."""
        which, nth = f.get("which", "dearest"), f["nth"]
        if which == "listed":
            return self.in_order(offer, state, rows, which)[nth - 1 :: nth]
        tag = self.amounts(offer, state, "tag")
        places: dict = {}
        sign = -1 if which == "dearest" else 1
        price = {r: sign * (tag[r] // len(state.values[r])) for r in rows}
        units = sorted(((r, i) for r in rows for i in range(len(state.values[r]))), key=lambda u: (price[u[0]], u))
        for place, unit in enumerate(units, 1):
            places.setdefault(price[unit[0]], []).append((place, unit))
        nths = []
        for run in places.values():
            due = [place for place, _ in run if place % nth == 0 and place // nth <= f.get("times", MANY)]
            most = sorted(run, key=lambda one: (-self.seen(offer, state, one[1]), one[0] % nth > 0, one[0]))
            nths += [unit for _, unit in most[: len(due)]]
        return nths

    def give_bundle_price(self, offer, f, state, where, spend, count):
        given: dict = {}
        pools = [
            (self.in_order(offer, state, self.part(offer, state, where, p["goods"]), f.get("which", "dearest")), p.get("quantity", 1))
            for p in f["pieces"]
        ]  # fmt: skip
        pools.sort(key=lambda pool: len(pool[0]))
        taken: set = set()
        sets = 0
        while sets < f.get("times", MANY):
            group: list = []
            for pool, quantity in pools:
                group += [u for u in pool if u not in taken and u not in group][:quantity]
            if len(group) < sum(quantity for _, quantity in pools):
                break
            if not self.together(offer, state, group, f["price"], given):
                return self.by_unit(state, given)
            taken |= set(group)
            sets += 1
        return self.by_unit(state, given) if sets else "not_met"

    def give_amount_off_each(self, offer, f, state, where, spend, count):
        order = self.in_order(offer, state, where, f.get("which", "cheapest"))
        if f.get("per") == "line":
            order = list(dict.fromkeys(r for r, _ in order))
        order = order[: f.get("units")]
        off = {one: f.get("additional", f["amount"]) if number else f["amount"] for number, one in enumerate(order)}
        if f.get("per") == "line":
            return {r: min(off.get(r, 0), sum(state.values[r])) for r in where}, {}
        return self.by_unit(state, off)

    def give_add_on_price(self, offer, f, state, where, spend, count):
        added = self.part(offer, state, where, f["goods"])
        others = [r for r in where if r not in added]
        amounts = self.amounts(offer, state, offer["threshold_basis"])
        spent = sum(amounts[r] for r in others)
        if spent < f.get("at", 0) or not added or not (others or f.get("at")):
            return "not_met"
        wanted = f.get("units", 1) * (spent // f["at"] if f.get("repeat") else 1)
        order = self.in_order(offer, state, added, f.get("which", "dearest"))[:wanted]
        return self.by_unit(state, {unit: max(0, self.seen(offer, state, unit) - f["price"]) for unit in order})

    def give_match_coupon(self, offer, f, state, where, spend, count):
        cuts, upto = dict.fromkeys(where, 0), f["upto"]
        running, met = state.sums(), False
        for other in self.offers:
            if other.get("kind") != "coupon" or other["benefit"] in BALANCES or other["code"] not in state.took:
                continue
            took = {r: sum(u) for r, u in state.took[other["code"]].items() if r in cuts and sum(u)}
            taken = sum(took.values())
            if 0 < taken < upto:
                met = True
                match = within(min(taken, upto - taken), list(took.values()), [running[r] - cuts[r] for r in took])
                for r, more in zip(took, match, strict=True):
                    cuts[r] += more
        return (cuts, {}) if met else "not_met"

    # A price beyond the price stage is a price of what is left: it never compounds with its own percentage basis.

    def give_unit_price(self, offer, f, state, where, spend, count):
        if "units" in f and where != [SHIPPING]:
            dear = sorted((-v, r, i) for r in where for i, v in enumerate(self.sight(offer, state)[r]))[: f["units"]]
            return self.by_unit(state, {(r, i): max(0, -v - f["price"]) for v, r, i in dear})
        running = state.sums() if "units" in f else self.amounts(offer, state, "running")
        return {r: max(0, running[r] - f["price"] * len(state.values[r])) for r in where}, {}

    def give_member_price(self, offer, f, state, where, spend, count):
        (mine,) = [row for row in f["levels"] if row["level"] == self.buyer.get("level")]
        if mine.get("price") is not None:
            return self.give_unit_price(offer, {"price": mine["price"]}, state, where, spend, count)
        base = self.base(offer, state)
        return {r: self.percent(offer, base[r], mine["basis_points"]) for r in where}, {}

    # -- the price stage: every unit the lowest price ---------------------------------------------------------------

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

    def asked_less(self, offer: dict) -> dict | str:
        """What a price offer would take off each of its rows, whatever is left of it; or why nothing."""
        state, rows = State(self.start), self.rows(offer)
        if not self.holds(offer, rows, state):
            return "not_met"
        fields = {k: v for k, v in offer["with"].items() if k != "units"}  # units are limited row by row, below
        cuts = self.give({**offer, "with": fields}, state, rows, rows)[0]
        cuts = {r: min(cut, self.space(offer, state, r, sum(self.start[r]))) for r, cut in cuts.items()}
        if not sum(cuts.values()):
            return "floor"
        given = self.affordable(offer, cuts)
        return "stock" if given is None else given

    def scarce_price(self, offer: dict) -> bool:
        """Whether more money, or more units, of a price would be used than are left of it."""
        kept, self.cart = self.cart, {**self.cart, "availability": {}}
        wish = self.asked_less(offer)
        self.cart = kept
        units = sum(len(self.goods[r].units) for r, cut in wish.items() if cut)
        spare = self.affordable(offer, wish)
        return spare != wish or self.few(offer, min(units, offer["with"].get("units", MANY)))

    def bid(self, offer: dict) -> dict:
        """What a price offer takes off each of its rows and on how many units: (cut, units); floors, budget, limits."""
        cuts = self.asked_less(offer)
        if isinstance(cuts, str):
            return {}
        limits = [n for n in (self.left(offer, "units"), offer["with"].get("units")) if n is not None]
        limit, bids = min(limits, default=MANY), {}
        for r in sorted(cuts, key=lambda r: (-Fraction(cuts[r], len(self.goods[r].units)), r)):
            quantity = len(self.goods[r].units)
            n = min(limit, quantity)
            limit -= n
            if n and cuts[r] * n // quantity:
                bids[r] = (cuts[r] * n // quantity, n)
        return bids
