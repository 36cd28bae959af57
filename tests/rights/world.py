"""Two merchants that are twins: each has one of everything, and a marker of its own in every word of it.

The platform has things too, some of them not agreed on or about the other's goods alone: those are nobody's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from festoon.base.words import Words
from festoon.campaigns import actions as campaigns
from festoon.catalog import actions as catalog
from festoon.catalog import queries as known
from festoon.catalog.colleagues import add_person
from festoon.catalog.machines.actions import make_key
from festoon.catalog.machines.scopes import SCOPES
from festoon.checkout.actions import hold, quote, record_orders, redeem, refund
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.composition import actions as composition
from festoon.composition import templates
from festoon.coupons import actions as coupons
from festoon.coupons import bulk, pools
from festoon.coupons.queries import wallet
from festoon.distribution import actions as distributions
from festoon.distribution.claims import claim
from festoon.offers import burning
from festoon.offers import queries as offers
from festoon.offers.actions import exclude, stop
from festoon.offers.models import BurnAlarm, BurnRule
from festoon.presets import actions as presets
from festoon.promotions import actions as promotions
from festoon.records import jobs
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import flows, remarks
from festoon.review import queries as reviews
from festoon.review.levels import Step
from festoon.webhooks import actions as webhooks
from festoon.webhooks.models import Delivery, Sequence

A, B, P = "amaranth", "bistort", "periwinkle"
"""The twins' markers, and that of what the platform keeps to itself."""
NOW = datetime.now(UTC).replace(microsecond=0)
WINDOW = {"starts_at": (NOW - timedelta(days=2)).isoformat(), "ends_at": (NOW + timedelta(days=9)).isoformat()}
SHOP = Viewer("key:shop", 1, frozenset({"*"}), channel="app")


@dataclass
class House:
    """One of the twins: how it is called, who acts for it, what it has by the names of its things."""

    mark: str
    person: Viewer
    machine: Viewer
    key: str
    ids: dict[str, Any] = field(default_factory=dict)


def named(mark: str, what: str) -> dict[str, str]:
    return {"en": f"{mark} {what}", "zh": f"{mark} 的{what}"}


def row(mark: str, what: str, **more: Any) -> dict[str, Any]:
    return {"code": f"{mark}-{what}", "name_en": f"{mark} {what}", "name_zh": f"{mark} 的{what}", **more}


def make() -> tuple[House, House]:
    """The whole world, through actions."""
    how = {"by": SYSTEM, "now": NOW}
    money = {"currency": "CNY", "zone": "Asia/Shanghai"}
    houses = [{"code": mark, "name_en": f"{mark} house", "name_zh": f"{mark} 商行", **money} for mark in (A, B)]
    lantern = {"code": "lantern", "name_en": "Lantern Market", "name_zh": "灯集", **money}
    catalog.take_merchants([lantern, *houses], key="m", **how)
    catalog.take_categories([row("tea", "all", path="tea-all")], key="c", **how)
    catalog.take_brands([row("tea", "brand")], key="b", **how)
    catalog.take_shoppers([{"code": "mei", "name_en": "Mei", "name_zh": "梅"}, {"code": "tao"}], key="s", **how)
    add_person("chief", merchant="lantern", name=Words(f"{P} chief", f"{P} 主管"), roles=["admin", "operator"], **how)
    twins = house(A), house(B)
    secrets()
    return twins


def house(mark: str) -> House:
    """One twin, with one of everything."""
    how = {"by": SYSTEM, "now": NOW}
    catalog.take_stores([row(mark, "store", merchant=mark)], key=f"{mark}-st", **how)
    goods = [
        row(mark, f"tea-{n}", merchant=mark, category="tea-all", brand="tea-brand", store=f"{mark}-store", tags=[f"{mark}-tag"],
            product=f"{mark}-product", list_price=20000 + n, unit_cost=7000 + n)
        for n in (1, 2)
    ]  # fmt: skip
    for each in goods:
        each["sku"] = each.pop("code")
    assert not catalog.take_products(goods, key=f"{mark}-p", **how).refused
    number = known.merchant(SYSTEM, mark).pk
    person = Viewer(f"person:{mark}-boss", number, frozenset({"*"}), channel="console", roles=frozenset({"merchant"}))
    for role in ("boss", "mate"):
        add_person(
            f"{mark}-{role}", merchant=mark, name=Words(f"{mark} {role}", f"{mark} 人"), roles=["merchant"], **how
        )
    _, key = make_key(f"{mark}-key", merchant=mark, scopes=list(SCOPES), channel="app", **how)
    machine = Viewer(f"key:{mark}-key", number, frozenset({"*"}), channel="app")
    made = House(mark, person, machine, key)
    compose(made)
    sell(made)
    watch(made)
    return made


def compose(one: House) -> None:
    """A campaign with its offers, live; an offer that waits for its review, with what was said of it; a preset."""
    mark, how = one.mark, {"by": one.person, "now": NOW}
    for kind in ("promotion", "coupon", "campaign", "distribution", "preset", "exclusion"):
        flows.set_flow(kind, [], by=SYSTEM, now=NOW)
    theme = campaigns.create(
        {"code": f"{mark}-theme", "name": named(mark, "theme"), "reason": named(mark, "why"), **WINDOW}, **how
    )
    campaigns.set_goals(theme, [{"metric": "gmv", "channel": "app", "target": 7770000}], **how)
    campaigns.add_budget_line(
        theme, kind="discount", payer=f"merchant:{mark}", amount=900000, name=Words(**named(mark, "money")), **how
    )
    promo = promotions.create(offer(one, "promo", "spend_and_save", {"tiers": [{"at": 30000, "off": 5000}]}), **how)
    other = promotions.create(offer(one, "other", "percent", {"basis_points": 500}), **how)
    ticket = coupons.create(
        offer(one, "coupon", "amount", {"off": 3000, "at": 10000}, stock=50, per_shopper=9, days_from_claim=7), **how
    )
    way = {"code": f"{mark}-way", "name": named(mark, "way"), "campaign": f"{mark}-theme", "channels": ["app"]}
    distributions.create(way, **how)
    composition.submit(theme, **how)
    templates.keep(theme, name=Words(**named(mark, "kept")), about=Words(**named(mark, "about")), **how)
    exclude(promo, other, grain="line", reason=Words(**named(mark, "reason")), **how)
    rule = {"type": "spend_and_save", "with": {"tiers": [{"at": "$at", "off": 500}]}, "scope": {"all": True}}
    at = {"name": "at", "kind": "money", "label": named(mark, "label"), "example": 9900}
    preset = presets.create(
        {"code": f"{mark}-preset", "name": named(mark, "preset"), "about": named(mark, "about"), "kind": "promotion",
         "rules": rule, "open": [at]}, **how,
    )  # fmt: skip
    presets.submit(preset, **how)
    flows.set_flow("promotion", [Step(Words("Reviewer", "审核人"), ["role:reviewer"])], by=SYSTEM, now=NOW)
    waits = promotions.create(offer(one, "waits", "percent", {"basis_points": 700}), **how)
    promotions.submit(waits, **how)
    review = reviews.latest(SYSTEM, "promotion", f"{mark}-waits")
    assert review is not None
    said = f"@{mark}-mate {mark} says"
    remark = remarks.say("promotion", f"{mark}-waits", said, merchant_id=one.person.merchant_id, **how)
    draft = promotions.create(offer(one, "draft", "percent", {"basis_points": 800}), **how)
    one.ids |= {
        "review": review.pk, "remark": remark.pk, "mention": remark.mentions.get().pk, "promo": promo, "draft": draft,
        "theme": theme, "coupon_offer": ticket, "preset": preset, "exclusion": f"{mark}-promo x {mark}-other",
        "waits": waits, "way": f"{mark}-way",
    }  # fmt: skip


def offer(one: House, what: str, kind: str, terms: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "code": f"{one.mark}-{what}", "name": named(one.mark, what), "type": kind, "with": terms, "scope": {"all": True},
        "payers": [{"payer": f"merchant:{one.mark}", "basis_points": 10000}], "campaign": f"{one.mark}-theme", **more,
    }  # fmt: skip


def cart(mark: str, *, chosen: tuple[str, ...] = (), quantity: int = 2, buyer: str = "mei") -> QuoteRequest:
    return QuoteRequest([LineRequest("a", f"{mark}-tea-1", quantity, 20001)], buyer=buyer, chosen=list(chosen))


def sell(one: House) -> None:
    """Coupons claimed, issued and coded; a hold that is open, one that was redeemed and given back in part; an order."""
    mark, by = one.mark, one.machine
    for key in ("c1", "c2", "c3"):
        claim(f"{mark}-coupon", "mei", by=by, now=NOW, key=f"{mark}-{key}")
    first, second, third = [row.id for row in wallet(SYSTEM, "mei").filter(template__offer__code=f"{mark}-coupon")]
    asked = quote(cart(mark, chosen=(first,)), by=by, now=NOW)
    done = redeem(
        hold(asked.token, by=by, now=NOW, key=f"{mark}-h1").hold, order=f"{mark}-order", by=by, now=NOW, key=f"{mark}-r"
    )
    back = refund(done.redemption, {"a": 1}, by=by, now=NOW, key=f"{mark}-f")
    asked = quote(cart(mark, chosen=(second,)), by=by, now=NOW)
    held = hold(asked.token, by=by, now=NOW, key=f"{mark}-h2")
    line = {"sku": f"{mark}-tea-1", "quantity": 1, "unit_price": 20001}
    record_orders(
        [{"code": f"{mark}-old-order", "placed_at": NOW, "paid": 20001, "lines": [line], "channel": "app", "shopper": "mei"}],
        by=one.person, now=NOW, key=f"{mark}-o",
    )  # fmt: skip
    order = bulk.issue_many(f"{mark}-coupon", {"shoppers": ["tao"]}, by=one.person, now=NOW, key=f"{mark}-i")
    pools.take_codes(
        f"{mark}-coupon", [f"{mark}FLYER7788"], batch=f"{mark}-batch", by=one.person, now=NOW, key=f"{mark}-pool"
    )
    one.ids |= {
        "coupon": third, "hold": held.hold, "token": asked.token, "redeemed": done.redemption, "refund": back.refund,
        "issue": order.pk, "flyer": f"{mark}FLYER7788", "used": first,
    }  # fmt: skip


def watch(one: House) -> None:
    """A webhook with an event on its way, a rule on how fast things go with its alarm, a stop, a job."""
    mark, how = one.mark, {"by": one.person, "now": NOW}
    hook = webhooks.subscribe(f"{mark}-hook", f"https://{mark}.example.com/hook", ["order.redeemed"], **how)
    sent = Delivery.objects.create(
        endpoint=hook, event=f"{mark}-event", kind="order.redeemed", object=f"{mark}-object", sequence=1,
        body=f'{{"{mark}": 1}}', due_at=NOW, created_at=NOW, state="dead", error=f"{mark} error",
    )  # fmt: skip
    Sequence.objects.create(endpoint=hook, object=f"{mark}-object", last=1)
    rule = burning.set_rule("offer", f"{mark}-coupon", factor=300, per_hour=60, **how)
    alarm = BurnAlarm.objects.create(rule=BurnRule.objects.get(pk=rule.pk), at=NOW, taken=7, planned=1, exposure=77)
    stop("offer", f"{mark}-other", why=f"{mark} stops", **how)
    job = jobs.enqueue("codes", {"offer": f"{mark}-coupon"}, by=one.person, now=NOW)
    one.ids |= {"hook": hook.pk, "delivery": sent.pk, "alarm": alarm.pk, "job": job.pk}


def secrets() -> None:
    """What the platform keeps to itself: a plan nobody agreed on, and offers about the other twin's goods alone."""
    lin = Viewer("person:chief", 1, frozenset({"*"}), channel="console", roles=frozenset({"operator"}))
    how = {"by": lin, "now": NOW}
    flows.set_flow("promotion", [], by=SYSTEM, now=NOW)
    campaigns.create({"code": f"{P}-plan", "name": named(P, "plan"), **WINDOW}, **how)
    theme = campaigns.create({"code": "market-days", "name": {"en": "Market days", "zh": "集市日"}, **WINDOW}, **how)
    about = {
        "payers": [{"payer": "platform", "basis_points": 10000}],
        "campaign": "market-days",
        "scope": {"merchant": [B]},
    }
    for what, room, more in (("promo", promotions, {}), ("coupon", coupons, {"stock": 9, "days_from_claim": 7})):
        room.create(
            {"code": f"{P}-{what}", "name": named(P, what), "type": "amount", "with": {"off": 100, "at": 100}, **about, **more},
            **how,
        )  # fmt: skip
    composition.submit(theme, **how)
    promotions.create(
        {"code": f"{P}-draft", "name": named(P, "draft"), "type": "percent", "with": {"basis_points": 900}, **about},
        **how,
    )
    way = {"code": f"{P}-way", "name": named(P, "way"), "campaign": "market-days", "channels": ["mini"]}
    distributions.create(way, **how)
    presets.create(
        {"code": f"{P}-preset", "name": named(P, "preset"), "about": named(P, "about"), "kind": "promotion",
         "rules": {"type": "percent", "with": {"basis_points": 500}, "scope": {"all": True}}, "open": []}, **how,
    )  # fmt: skip
    claim(f"{P}-coupon", "mei", by=SHOP, now=NOW, key="p-1")
    stop("offer", f"{P}-coupon", why=f"{P} stops", **how)
    assert offers.offer(SYSTEM, f"{P}-promo").state == "released"


def more_of(one: House) -> None:
    """The same house a while later: more was sold, claimed and said. Nobody else's answers may move."""
    mark, by = one.mark, one.machine
    claim(f"{mark}-coupon", "tao", by=by, now=NOW, key=f"{mark}-c9")
    asked = quote(cart(mark, quantity=7, buyer="tao"), by=by, now=NOW)
    redeem(
        hold(asked.token, by=by, now=NOW, key=f"{mark}-h9").hold,
        order=f"{mark}-order-9",
        by=by,
        now=NOW,
        key=f"{mark}-r9",
    )
    remarks.say("promotion", f"{mark}-waits", "and more", merchant_id=one.person.merchant_id, by=one.person, now=NOW)
    webhooks.subscribe(f"{mark}-hook-2", f"https://{mark}.example.com/2", [], by=one.person, now=NOW)
    promotions.create(offer(one, "draft-2", "percent", {"basis_points": 600}), by=one.person, now=NOW)
