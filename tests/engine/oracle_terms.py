"""The slow engine's reading of an offers file: what a type stands for, and what is asked before any amount."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STAGES = ["price", "item", "store", "platform", "shipping", "payment"]
VERDICTS = [
    "not_live", "stopped", "channel", "buyer", "limit", "stock", "not_met", "floor", "not_chosen", "excluded",
    "beaten", "applied",
]  # fmt: skip
ON_AMOUNTS = ("least_spend", "most_spend", "least_quantity", "most_quantity", "basket_contains", "expression")
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

EXPRESSIONS = {
    "goods.spend >= 1000 || goods.quantity > 2": lambda o, goods, order: goods[0] >= 1000 or goods[1] > 2,
    "buyer.level == 'gold' && order.quantity % 2 == 0": lambda o, goods, order: (
        o.buyer.get("level") == "gold" and order[1] % 2 == 0
    ),
    "!(buyer.orders_placed > 0)": lambda o, goods, order: o.buyer.get("orders_placed") == 0,
    "lines.exists(l, 'tea' in l.category && l.quantity >= 2)": lambda o, goods, order: any(
        "tea" in g.line["category"] and len(g.units) >= 2 for g in o.goods
    ),
    "order.spend - goods.spend < 2000 && order.scene == 'live'": lambda o, goods, order: (
        order[0] - goods[0] < 2000 and o.cart.get("scene") == "live"
    ),
}
"""What these expressions mean, said by hand."""

STAGE_OF = {
    "unit_price": "price", "member_price": "price", "percent_off": "item", "percent_off_units": "item",
    "amount_off_each": "item", "units_for_price": "item", "nth_item": "item", "bundle_price": "item",
    "buy_x_get_y": "item", "add_on_price": "item", "deposit_off": "item", "value_unknown": "item", "amount_off": "store",
    "goods_for_price": "store",
    "amount_by_tier": "store", "amount_by_quantity": "store", "gift": "platform", "allowance_by_tier": "platform",
    "free_shipping": "shipping", "balance_off": "payment", "match_coupon": "payment",
}  # fmt: skip
SPILLS = ("amount_off", "goods_for_price", "amount_by_tier", "amount_by_quantity", "balance_off", "allowance_by_tier")
BALANCES = ("balance_off", "allowance_by_tier")
PLACES = ("store", "merchant")
BY_SUM = {
    "percent_off", "amount_off", "goods_for_price", "amount_by_tier", "free_shipping", "gift", "match_coupon", *BALANCES,
}  # fmt: skip


def of_goods(scope: dict) -> bool:
    """Whether it asks more of goods than where they are sold and by whom."""
    named = {*scope, *(scope.get("except") or {})} - {"all", "except", "not_discounted"}
    return not named <= set(PLACES)


def percent(f):
    some = f.get("units") or f.get("units_per_line") or f.get("groups_of", 1) > 1
    return ("percent_off_units" if some else "percent_off"), f


def n_at_percent(f):
    most = f["units"] * f["times"] if f.get("times") else None
    return "percent_off_units", {**f, "groups_of": f["units"], "units": most}


TYPES = {
    "percent": percent,
    "n_at_percent": n_at_percent,
    "amount": lambda f: ("amount_off", {"amount": f["off"]}),
    "amount_each": lambda f: ("amount_off_each", {**f, "amount": f["off"]}),
    "red_envelope": lambda f: ("balance_off" if f.get("divisible") else "amount_off", f),
    "shipping_off": lambda f: ("amount_off", {"amount": f["off"]}) if f.get("off") else ("percent_off", f),
    **{
        name: (lambda f, benefit=benefit: (benefit, f))
        for name, benefit in {
            "spend_and_save": "amount_by_tier", "cross_store": "amount_by_tier", "buy_more": "amount_by_quantity",
            "flash_price": "unit_price", "n_for_price": "units_for_price", "bundle": "bundle_price",
            "add_on": "add_on_price", "allowance": "allowance_by_tier", "deposit": "deposit_off", "gift": "gift",
            "free_shipping": "free_shipping", "match_coupon": "match_coupon", "member_price": "member_price",
            "nth_item": "nth_item", "buy_x_get_y": "buy_x_get_y",
        }.items()
    },
}  # fmt: skip
TYPE_STAGE = {"cross_store": "platform", "red_envelope": "payment", "shipping_off": "shipping"}
WITH_AT = ("amount", "red_envelope", "shipping_off", "gift", "free_shipping")


def plain(offer: dict) -> dict:
    """The offer with its benefit, conditions, stage and payers spelt out."""
    kind = offer.get("type")
    if kind is None:
        ((benefit, fields),) = offer["benefit"].items()
        benefit, fields = benefit, dict(fields or {})
    else:
        benefit, fields = TYPES[kind](dict(offer.get("with") or {}))
    asked = [next(iter(one.items())) for one in offer.get("when") or []]
    if kind in WITH_AT and fields.get("at", (offer.get("with") or {}).get("at", 0)):
        asked = [("least_spend", {"amount": offer["with"]["at"]}), *asked]
    if offer.get("payers"):
        payers = [(p["payer"], p["basis_points"]) for p in offer["payers"]]
    elif kind == "cross_store":
        payers = [("merchant", 10_000)]
    else:
        payers = [(f"merchant:{offer['owner']}" if offer.get("owner") else "platform", 10_000)]
    return {
        "priority": 100, "threshold_basis": "entry", "percent_basis": "running", "weights": "value", **offer,
        "benefit": benefit, "with": {name: v for name, v in fields.items() if v is not None},
        "stage": offer.get("stage") or TYPE_STAGE.get(kind) or STAGE_OF[benefit],
        "when": [(name, c or {}) for name, c in asked], "payers": payers,
        "spill": offer.get("spill") or ("others" if benefit in SPILLS else "lost"),
    }  # fmt: skip


def instant(text: str, zone: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def inside(window: dict | None, at: datetime, zone: str) -> bool:
    """[start, end)"""
    window = window or {}
    zone = window.get("zone") or zone
    begun = not window.get("start") or instant(window["start"], zone) <= at
    return begun and (not window.get("end") or at < instant(window["end"], zone))


class Terms:
    """What stands between an offer and a cart before any amount is looked at."""

    def __init__(self, data: dict, cart: dict) -> None:
        self.cart, self.zone = cart, data.get("zone", "UTC")
        self.at = instant(cart["moment"], "UTC")
        self.buyer = cart.get("buyer") or {}
        self.distributions = data.get("distributions", [])
        wallet = [c for c in cart.get("wallet") or [] if not self.expired(c)]
        self.free = cart.get("chosen") == "best"
        chosen = [] if self.free else cart.get("chosen") or []
        first = sorted(wallet, key=lambda c: (c["id"] not in chosen, not c.get("expires"), self.until(c), c["id"]))
        self.coupons = {c["offer"]: c for c in reversed(first)}
        self.gone = {c["offer"] for c in cart.get("wallet") or []} - set(self.coupons)
        self.chosen_ids = chosen

    def until(self, coupon: dict) -> float:
        return instant(coupon["expires"], "UTC").timestamp() if coupon.get("expires") else 0

    def expired(self, coupon: dict) -> bool:
        return bool(coupon.get("expires")) and self.at >= instant(coupon["expires"], "UTC")

    def taken(self, code: str) -> bool:
        """Whether the shopper chose the coupon of this offer, or leaves the choice to us."""
        return code in self.coupons and (self.free or self.coupons[code]["id"] in self.chosen_ids)

    def left(self, offer: dict, name: str):
        return (self.cart.get("availability") or {}).get(offer["code"], {}).get(name)

    def refused(self, offer: dict) -> str | None:
        """The first verdict that is true of the offer whatever the amounts are; None when it has its turn."""
        found = [] if inside(offer.get("window"), self.at, self.zone) else ["not_live"]
        if offer.get("state") == "stopped":
            found.append("stopped")
        found += self.given_out(offer)
        found += [self.gate(name, c, offer) for name, c in offer["when"] if name not in ON_AMOUNTS]
        if offer.get("kind") == "coupon" and offer["code"] not in self.coupons:
            found.append("not_live" if offer["code"] in self.gone else "buyer")
        for name, verdict in (("uses", "limit"), ("buyer_uses", "limit"), ("units", "stock"), ("budget", "stock")):
            if self.left(offer, name) == 0 and not (name == "units" and offer["with"].get("instead")):
                found.append(verdict)
        if self.cart.get("only_sum") and not self.known(offer):
            found.append("not_met")
        if offer["benefit"] == "member_price":
            levels = [row["level"] for row in offer["with"]["levels"]]
            found += [] if self.buyer.get("level") in levels else ["buyer"]
        if offer["benefit"] in BALANCES and offer["code"] in self.coupons:
            balance = self.coupons[offer["code"]].get("balance")
            none = 0 if offer["benefit"] == "allowance_by_tier" else None
            found += ["stock"] if balance == 0 or (balance is None and none == 0) else []
        found = [verdict for verdict in found if verdict]
        return min(found, key=VERDICTS.index) if found else None

    def supposed(self, offer: dict) -> bool:
        """Of a coupon: it may be about what was bought for the sum, as far as the place says."""
        scope = offer.get("scope") or {}
        mine = offer.get("staff_may_confirm") or offer["code"] in {c["offer"] for c in self.cart.get("wallet") or []}
        (line,) = self.cart["lines"]
        here = {name: line.get(name) or self.cart.get(name) for name in PLACES}
        return bool(mine) and all(here[name] in scope[name] for name in PLACES if name in scope)

    def known(self, offer: dict) -> bool:
        """Whether the sum says all that is asked, or staff saw the rest."""
        by_unit = offer["benefit"] not in BY_SUM or offer["with"].get("every_units") is not None
        if by_unit or any(name == "expression" for name, _ in offer["when"]):
            return False
        asked = [offer.get("scope")] + [
            c.get("goods") for name, c in offer["when"] if name in ("least_spend", "most_spend")
        ]
        counted = any(name in ("least_quantity", "most_quantity", "basket_contains") for name, _ in offer["when"])
        if not counted and not any(of_goods(scope or {}) for scope in asked):
            return True
        return bool(offer.get("staff_may_confirm")) and offer["code"] in self.cart.get("confirmed_by_eye", [])

    def given_out(self, offer: dict) -> list[str]:
        """Any distribution of the offer that admits is enough; else the one that comes nearest says why not."""
        mine = [
            d
            for d in self.distributions
            if (offer["code"] in d["offers"] if d.get("offers") else d.get("campaign") == (offer.get("campaign") or ""))
        ]
        said = [self.given(d) for d in mine]
        against = [one for one in said if one is not None]
        return [] if len(against) < len(said) or not said else [max(against, key=VERDICTS.index)]

    def given(self, d: dict) -> str | None:
        cart, buyer = self.cart, self.buyer
        if not inside(d.get("window"), self.at, self.zone):
            return "not_live"
        for name, here in (("channels", "channel"), ("scenes", "scene"), ("stores", "store")):
            if d.get(name) and cart.get(here, "") not in d[name]:
                return "channel"
        if d.get("buyers") and buyer.get("id") not in d["buyers"]:
            return "buyer"
        return "buyer" if d.get("segments") and not set(d["segments"]) & set(buyer.get("segments") or []) else None

    def gate(self, name: str, c: dict, offer: dict) -> str | None:
        return getattr(self, "ask_" + name)(c, offer)

    def ask_segment(self, c, offer):
        mine = set(self.buyer.get("segments") or [])
        wanted = not c.get("any") or mine & set(c["any"])
        return None if wanted and not mine & set(c.get("none", [])) else "buyer"

    def ask_level(self, c, offer):
        return None if self.buyer.get("level") in c["any"] else "buyer"

    def ask_new_buyer(self, c, offer):
        new = self.buyer.get("new")
        return None if (self.buyer.get("orders_placed") == 0 if new is None else new) else "buyer"

    def ask_nth_order(self, c, offer):
        placed = self.buyer.get("orders_placed")
        if placed is None:
            return "buyer"
        return None if c.get("least", 1) <= placed + 1 <= c.get("most", 10**9) else "buyer"

    def ask_birthday_month(self, c, offer):
        month = self.at.astimezone(ZoneInfo(c.get("zone", "UTC"))).month
        return None if self.buyer.get("birthday_month") == month else "buyer"

    def ask_channel(self, c, offer):
        return None if self.cart.get("channel") in c["any"] else "channel"

    def ask_scene(self, c, offer):
        return None if self.cart.get("scene") in c["any"] else "channel"

    def ask_store(self, c, offer):
        return None if self.cart.get("store") in c["any"] else "channel"

    def ask_payment_method(self, c, offer):
        return None if self.cart.get("payment") in c["any"] else "channel"

    def ask_window(self, c, offer):
        return None if inside(c, self.at, "UTC") else "not_live"

    def ask_hours(self, c, offer):
        """Open on the day on which the hours began; what ends no later than it starts goes on after midnight."""
        here = self.at.astimezone(ZoneInfo(c.get("zone", "UTC")))
        start, end = c.get("start", "00:00"), c.get("end", "24:00")
        for back in (0, 1):
            day = here.date() - timedelta(days=back)
            since = here - datetime.combine(day, datetime.min.time(), here.tzinfo)
            minutes = since.total_seconds() / 60
            first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (start, end))
            if start >= end:
                last += 24 * 60
            if first <= minutes < last and (not c.get("days") or DAYS[day.weekday()] in c["days"]):
                return None
        return "not_live"

    def ask_first_buyers(self, c, offer):
        return "limit" if (self.left(offer, "buyers") or 0) >= c["number"] else None
