"""A second engine, slow and plain, written from what is promised and not from how the first one does it.

It reads the offers file and the cart as they stand, keeps every unit by itself, plays every subset of the offers and
keeps the best legal one. Fractions where something is divided. Good for about eight offers. `oracle_terms` is what is
asked before any amount, `oracle_gives` what each benefit gives, and this page the choice, the verdicts and the payers.
"""

from functools import cached_property
from itertools import combinations

from tests.engine.oracle_gives import SHIPPING, Gives, Goods, State
from tests.engine.oracle_terms import BALANCES, PLACES, STAGES, VERDICTS, inside, plain

LATE = VERDICTS[: VERDICTS.index("not_chosen")]


class Oracle(Gives):
    """The best legal set of one cart under one offers file."""

    def __init__(self, data: dict, cart: dict) -> None:
        super().__init__(data, cart)
        self.strict, self.policy = True, data.get("policy") or {}
        self.absent: set[str] = set()
        told = [plain(o) for o in data["offers"]]
        self.goods = self.alike(cart, [o.get("scope") or {} for o in told])
        self.start = {i: list(g.units) for i, g in enumerate(self.goods)} | {SHIPPING: [cart.get("shipping", 0)]}
        told.sort(key=lambda o: (STAGES.index(o["stage"]), o["priority"], o["code"]))
        self.met = [o for o in told if self.rows(o)]
        self.no = {o["code"]: self.refused(o) for o in self.met}
        open_ = [o for o in self.met if self.no[o["code"]] is None]
        self.offers = [o for o in open_ if o.get("kind") != "coupon" or self.taken(o["code"])]
        self.unchosen = [o for o in open_ if o not in self.offers]
        self.offers.sort(key=lambda o: (STAGES.index(o["stage"]), self.expiry(o)))
        self.by_code = {o["code"]: o for o in self.offers}
        self.floor_goods()
        self.relations = [
            (frozenset(x["between"]), x.get("grain", "order"), bool(x.get("lock")))
            for x in data.get("exclusions") or []
            if inside(x.get("window"), self.at, self.zone)
        ]

    def alike(self, cart: dict, scopes: list[dict]) -> list[Goods]:
        """Lines that cannot be told apart are one; a line that an offer names is told apart."""
        named = [s["line"] for scope in scopes for s in (scope, scope.get("except") or {}) if "line" in s]
        alike: dict = {}
        for line in cart["lines"]:
            if cart.get("only_sum"):
                line = {**{name: cart[name] for name in PLACES if cart.get(name)}, **line}
            key = repr(sorted((k, v) for k, v in line.items() if v and k not in ("id", "quantity")))
            alike.setdefault(key + repr([line["id"] in ids for ids in named]), []).append(line)
        goods = []
        for lines in alike.values():
            lines = sorted(lines, key=lambda one: one["id"])
            units = [one["unit_price"] for one in lines for _ in range(one["quantity"])]
            goods.append(Goods(lines, lines[0], units))
        return sorted(goods, key=lambda g: g.lines[0]["id"])

    def floor_goods(self) -> None:
        """Floors that an offer in reach states of its goods bind every offer; the higher one counts."""
        for offer in self.offers:
            for goods in [self.goods[r] for r in self.rows(offer)]:
                for name in ("tag_floor", "net_floor"):
                    goods.line = {**goods.line, name: max(goods.line.get(name, 0), offer.get(name, 0))}

    def expiry(self, offer: dict) -> tuple:
        """Balances come last in their stage, the soonest to expire first."""
        if offer["benefit"] not in BALANCES:
            return (0,)
        held = self.coupons[offer["code"]]
        return 1, not held.get("expires"), self.until(held)

    def chosen(self) -> list[str]:
        """The offers of the chosen coupons, in the order of choosing."""
        by_id = {held["id"]: code for code, held in self.coupons.items()}
        return [by_id[c] for c in self.chosen_ids if c in by_id]

    # -- exclusions -----------------------------------------------------------------------------------------------

    def coupon(self, offer: dict) -> bool:
        return offer.get("kind") == "coupon"

    def tied(self, a: dict, b: dict, grain: str) -> bool:
        if grain == "order" and (a.get("exclusive") or b.get("exclusive")):
            return True
        if grain == "line" and a["stage"] == b["stage"] == "price":
            return False  # each unit takes one price: two prices never serve a line together
        return any(pair == {a["code"], b["code"]} and g == grain for pair, g, _ in self.relations)

    def parts_lines(self, a: dict, b: dict) -> bool:
        """Whether the two part their lines between them, each line to the one that takes most off it."""
        both = self.policy.get("conflict") == "best_per_line" and self.tied(a, b, "line")
        return both and self.by_line(a) and self.by_line(b)

    def by_line(self, offer: dict) -> bool:
        f, name = offer["with"], offer["benefit"]
        if offer["stage"] in ("price", "shipping") or (offer.get("scope") or {}).get("not_discounted"):
            return False
        whole = (offer.get("rounding") or {}).get("per") == "order"
        plain_percent = name == "percent_off" and f.get("cap") is None and not whole
        if name == "amount_off_each":
            return "units" not in f and "additional" not in f
        return plain_percent or name == "member_price" or (name == "unit_price" and "units" not in f)

    def open_rows(self, offer: dict, state: State) -> list[int]:
        """The rows on which no exclusion by line keeps the offer out."""
        here = self.offers.index(offer)
        tied = [o for o in self.offers if o is not offer and self.tied(offer, o, "line")]
        rows = [r for r in self.rows(offer) if not any(o["code"] in state.serving.get(r, ()) for o in tied)]
        mine = self.would_take(offer, state, rows)
        lost = set()
        for other in tied:
            if other["code"] in self.absent:
                continue
            if self.parts_lines(offer, other) and self.offers.index(other) > here:
                theirs = self.would_take(other, state, [r for r in rows if r in self.rows(other)])
                lost |= {r for r, cut in theirs.items() if cut > mine.get(r, 0)}
        return [r for r in rows if r not in lost]

    def would_take(self, offer: dict, state: State, rows: list[int]) -> dict:
        """What it would take from each of these rows now, floors aside."""
        if not rows or not self.by_line(offer) or not self.holds(offer, self.rows(offer), state):
            return {}
        return self.give(offer, state, rows, [SHIPPING] if offer["stage"] == SHIPPING else rows)[0]

    # -- a set ------------------------------------------------------------------------------------------------------

    def play(self, members: list[str]) -> tuple[State, dict] | None:
        """The end of a set, and for every offer outside of it why it could not have served at its place (None: it
        could); None if one of the members cannot serve."""
        inside_ = [o for o in self.offers if o["code"] in members]
        prices = [o for o in inside_ if o["stage"] == "price"]
        values, took = self.flash(prices)
        if len(took) < len(prices):
            return None
        state = State(values, entry={r: sum(u) for r, u in self.start.items()})
        state.took = took
        state.scarce = {code for code in took if self.scarce_price(self.by_code[code])}
        for code, rows in took.items():
            for r, units in rows.items():
                state.serving.setdefault(r, set()).add(code)
                kept = state.kept.get(r, sum(self.start[r]))
                state.kept[r] = kept - self.bears(self.by_code[code], r, sum(units))
        why = {}
        for offer in self.offers:
            code = offer["code"]
            if offer["stage"] == "price":
                if code not in members:
                    why[code] = self.no_price(offer, prices)
                continue
            rows = self.open_rows(offer, state)
            got = self.turn(offer, state, rows) if rows else "closed"
            if code not in members:
                why[code] = self.why_not(offer, state, rows, got) if isinstance(got, str) else None
                continue
            if isinstance(got, str):
                return None
            self.apply(offer, state, rows, *got)
        return state, why

    def why_not(self, offer: dict, state: State, rows: list[int], got: str) -> str:
        """Why it does not serve; "closed" when it could, were it not for the lines that exclusions close to it."""
        if len(rows) == len(self.rows(offer)):
            return got
        whole = self.turn(offer, state, self.rows(offer))
        return "closed" if not isinstance(whole, str) else got if rows else whole

    def no_price(self, offer: dict, prices: list[dict]) -> str | None:
        """Why a price would not have served beside these."""
        said = self.asked_less(offer)
        if isinstance(said, str):
            return said
        return None if offer["code"] in self.flash([*prices, offer])[1] else "beaten"

    def apply(self, offer: dict, state: State, rows: list, by_unit: dict, worth: int, scarce: bool) -> None:
        stage, before = offer["stage"], state.sums()
        if (offer.get("scope") or {}).get("not_discounted"):
            rows = self.untouched(state, rows)
        if state.stage == "price":
            state.tag = before
        if stage != state.stage:
            state.entry, state.stage = before, stage
        if offer.get("group") is not None:
            state.groups.setdefault((stage, offer["group"]), {r: list(units) for r, units in state.values.items()})
        for r, cuts in by_unit.items():
            state.values[r] = [v - c for v, c in zip(state.values[r], cuts, strict=True)]
            state.kept[r] = state.kept.get(r, sum(self.start[r])) - self.bears(offer, r, sum(cuts))
        for r in rows:
            state.serving.setdefault(r, set()).add(offer["code"])
        state.took[offer["code"]] = by_unit
        state.worth += worth
        state.scarce |= {offer["code"]} if scarce else set()
        if offer["benefit"] in BALANCES:
            state.drawn += sum(sum(cuts) for cuts in by_unit.values())

    # -- which sets are legal ---------------------------------------------------------------------------------------

    def legal(self, members: list[str], state: State, why: dict) -> bool:
        inside_ = [self.by_code[c] for c in members]
        for code, no in why.items():
            offer = self.by_code[code]
            aside = offer.get("steps_aside") and self.policy.get("objective") != "priority"
            if no is not None or self.coupon(offer) or aside:
                continue
            if not any(self.pushes_out(member, offer, state) for member in inside_):
                return False
        return True

    def pushes_out(self, member: dict, offer: dict, state: State) -> bool:
        """Whether a member of the set ties the offer out of it: `always` yields to its like alone."""
        if self.parts_lines(member, offer) and not self.tied(member, offer, "order"):
            return False
        if self.strict and not self.may_push(member, offer):
            return False
        if self.tied(member, offer, "order"):
            return True
        return self.on_its_lines(member, offer, state)

    def on_its_lines(self, member: dict, offer: dict, state: State) -> bool:
        serves = {r for r, codes in state.serving.items() if member["code"] in codes}
        return self.tied(member, offer, "line") and bool(serves & set(self.rows(offer)))

    def may_push(self, member: dict, offer: dict) -> bool:
        """`always` yields to its like alone; by priority, only coupons and the higher priority push out."""
        if offer.get("always") and not member.get("always"):
            return False
        if self.by_priority() and not self.coupon(member) and not member.get("always"):
            return self.rank(member) < self.rank(offer)
        return True

    def by_priority(self) -> bool:
        return "priority" in self.policy.values()

    def rank(self, offer: dict) -> tuple:
        return offer["priority"], self.offers.index(offer)

    def all_legal(self) -> list[tuple[list[str], State, dict]]:
        codes, legal = [o["code"] for o in self.offers], []
        apart = {frozenset((a["code"], b["code"])) for a, b in combinations(self.offers, 2) if self.tied(a, b, "order")}
        for n in range(len(codes) + 1):
            for members in combinations(codes, n):
                if any(set(pair) <= set(members) for pair in apart):
                    continue
                played = self.play(list(members))
                if played is not None and self.legal(list(members), *played):
                    legal.append((list(members), *played))
        return legal

    @cached_property
    def sets(self) -> list[tuple[list[str], State, dict]]:
        """Every legal set. When not every promise can be kept, only the exclusions are."""
        legal = self.all_legal()
        if not legal:
            self.strict = False
            legal = self.all_legal()
        return legal

    @cached_property
    def found(self) -> tuple[list[str], State, dict]:
        """The best legal set, its end, and why the others are not in it.

        Lines are given up only to offers that serve in the end: while one does not, it is chosen again without it.
        """
        while True:
            one = self.best_of_sets()
            missing = {
                offer["code"]
                for offer in self.offers
                if offer["code"] not in one[0]
                and any(self.parts_lines(offer, o) for o in self.offers if o is not offer)
            } - self.absent
            if not missing:
                return one
            self.absent |= missing
            self.strict = True
            self.__dict__.pop("sets")

    def best_of_sets(self) -> tuple[list[str], State, dict]:
        legal, chosen = self.sets, [c for c in self.chosen() if c in self.by_code]
        parts = {frozenset(set(m) & set(chosen)) for m, _, _ in legal}
        largest = {p for p in parts if not any(p < other for other in parts)}
        legal = [one for one in legal if frozenset(set(one[0]) & set(chosen)) in largest]
        return min(legal, key=lambda one: self.order(one[0], one[1], chosen))

    def best(self) -> tuple[list[str], State]:
        return self.found[:2]

    def order(self, members: list[str], state: State, chosen: list[str]):
        coupons = sorted(self.rank(self.by_code[c]) for c in members if c in chosen) if self.by_priority() else []
        ranked = sorted((self.by_code[c]["priority"], c) for c in members)
        used = len([c for c in members if self.coupon(self.by_code[c])])
        return (
            [*coupons, (10**9,)],
            -self.saved(state),
            [c not in members for c in chosen],
            state.drawn,
            used,
            len(members),
            ranked,
        )

    def saved(self, state: State) -> int:
        """What the set saves, gifts at their stated value."""
        before = sum(sum(units) for units in self.start.values())
        return before - sum(sum(units) for units in state.values.values()) + state.worth - state.drawn

    # -- what is said of it -----------------------------------------------------------------------------------------

    def verdicts(self) -> dict[str, str]:
        """One for every offer whose scope meets the cart: the first that is true."""
        members, state, why = self.found
        self.in_the_way: dict[str, set[str]] = {}
        said = {code: no for code, no in self.no.items() if no is not None}
        for offer in self.unchosen:
            no = self.lacks(offer, members)
            said[offer["code"]] = no if no in LATE else "not_chosen"
        for offer in self.offers:
            code = offer["code"]
            if code in members:
                said[code] = "applied"
            elif why[code] not in (None, "closed"):
                said[code] = why[code]
            else:
                keep = [self.by_code[c] for c in members if self.keeps_out(self.by_code[c], offer, state)]
                self.in_the_way[code] = {member["code"] for member in keep}
                never = any(self.never_beside(member, offer) for member in keep)
                said[code] = "excluded" if never else "beaten"
        return said

    def keeps_out(self, member: dict, offer: dict, state: State) -> bool:
        return self.tied(member, offer, "order") or self.on_its_lines(member, offer, state)

    def never_beside(self, member: dict, offer: dict) -> bool:
        """Whether no choice could take the offer beside this one: it is locked, or what pushes out is not its saving."""
        pair = {member["code"], offer["code"]}
        if member.get("exclusive") or offer.get("exclusive") or member.get("always"):
            return True
        if any(p == pair and lock for p, _, lock in self.relations):
            return True
        parted = self.parts_lines(member, offer) and not self.tied(member, offer, "order")
        return not parted and (self.coupon(member) or not self.may_push(offer, member))

    def lacks(self, offer: dict, members: list[str]) -> str | None:
        """What a coupon that was not chosen lacks on the amounts that reach it."""
        place = STAGES.index(offer["stage"]), offer["priority"], offer["code"]
        before = [c for c in members if self.place(self.by_code[c]) < place]
        more = [o for o in self.offers if self.place(o) < place]
        held, self.offers = self.offers, more
        state, _ = self.play(before) or (None, None)
        self.offers = held
        if offer["stage"] == "price":
            return self.no_price(offer, [o for o in more if o["stage"] == "price" and o["code"] in members])
        got = self.turn(offer, state, self.rows(offer))
        return got if isinstance(got, str) else None

    def place(self, offer: dict) -> tuple:
        return STAGES.index(offer["stage"]), offer["priority"], offer["code"]

    def payers(self, code: str, by_unit: dict) -> dict:
        """{row: [{payer: amount} by unit]}: each payer but the last by its rounded-down cumulative part, the last the rest."""
        offer, before = self.by_code[code], 0
        paid: dict = {}
        for r in sorted(by_unit, key=lambda r: (r == SHIPPING, r if r != SHIPPING else 0)):
            merchant = self.cart.get("merchant", "") if r == SHIPPING else self.goods[r].line.get("merchant", "")
            own = f"merchant:{merchant}" if merchant else "platform"
            paid[r] = []
            for cut in by_unit[r]:
                parts: dict = {}
                rest = cut
                for payer, weight in offer["payers"][:-1]:
                    part = (before + cut) * weight // 10_000 - before * weight // 10_000
                    name = own if payer == "merchant" else payer
                    parts[name] = parts.get(name, 0) + part
                    rest -= part
                last = own if offer["payers"][-1][0] == "merchant" else offer["payers"][-1][0]
                parts[last] = parts.get(last, 0) + rest
                before += cut
                paid[r].append({payer: amount for payer, amount in parts.items() if amount})
        return paid
