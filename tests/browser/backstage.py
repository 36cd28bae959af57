"""What some screens wait for: a system that is told, a rule of one's own, an order, and a desk that is asked about it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import django

from festoon.records.viewer import Viewer

HOOK, RULE, ORDER = "order desk", "oolong-rule", "A-2026-1042"
DESK = "service-desk"
OLDER = "evening-tea"


def main(password: str) -> None:
    django.setup()
    from festoon.base.words import Words
    from festoon.catalog import queries as catalog
    from festoon.catalog.colleagues import add_person
    from festoon.checkout.actions import hold, quote, redeem
    from festoon.checkout.request import LineRequest, QuoteRequest
    from festoon.demo.cast.load import machine, viewer
    from festoon.offers import queries as offers
    from festoon.offers.from_preset import as_preset
    from festoon.presets import actions as presets
    from festoon.records.viewer import SYSTEM
    from festoon.webhooks import actions as webhooks
    from festoon.webhooks import queries as told

    lin, app, now = viewer("lin"), machine("demo-app"), datetime.now(UTC)
    if told.endpoints(lin).exists():
        return
    add_person(
        DESK, merchant="lantern", name=Words("Service desk", "客服台"), roles=["service"], password=password,
        by=SYSTEM, now=now,
    )  # fmt: skip
    webhooks.subscribe(HOOK, "https://orders.example.com/festoon", ["order.redeemed"], by=lin, now=now)
    about = {"en": "Some percent off one kind of tea.", "zh": "某一类茶叶打折。"}
    rules = as_preset(offers.offer(lin, "d12-oolong-15"))
    presets.create({**rules, "code": RULE, "about": about}, by=lin, now=now)
    _behind(lin, viewer("chen"), now)
    price = catalog.products(SYSTEM).get(sku="t-05").list_price
    asked = quote(QuoteRequest(lines=[LineRequest("1", "t-05", 2, price)], buyer="mei"), by=app, now=now)
    held = hold(asked.token, by=app, now=now, key="backstage-hold").hold
    redeem(held, order=ORDER, by=app, now=now, key="backstage-order")


def _behind(lin: Viewer, chen: Viewer, now: datetime) -> None:
    """Two offers stand on the first of two versions of a preset; one cannot come along."""
    from festoon.presets import actions as presets
    from festoon.promotions import actions as promotions

    first: dict[str, Any] = {
        "code": OLDER, "name": {"en": "Evening tea", "zh": "晚间茶"}, "kind": "promotion",
        "about": {"en": "A percentage off tea in the evening.", "zh": "晚间茶叶打折。"},
        "rules": {"type": "percent", "with": {"basis_points": "$percent"}, "scope": {"category": ["tea"]}},
        "open": [{"name": "percent", "kind": "percent", "label": {"en": "Percent off", "zh": "折扣"}, "example": 1000}],
    }  # fmt: skip
    row = presets.create(first, by=lin, now=now)
    presets.approve(presets.submit(row, by=lin, now=now), by=chen, now=now)
    for code, en, zh in (
        ("evening-a", "Evening, 12% off", "晚间八八折"),
        ("evening-b", "Evening, 5% off", "晚间九五折"),
    ):
        made = {"code": code, "name": {"en": en, "zh": zh}, "preset": {"code": OLDER, "values": {"percent": 1200}}}
        offer = promotions.create(made, by=lin, now=now)
    promotions.submit(offer, by=lin, now=now)
    more = {**first["rules"], "priority": 5, "with": {"basis_points": "$percent", "cap": 2000}}
    row = presets.edit(row, {**first, "rules": more}, by=lin, now=now)
    presets.approve(presets.submit(row, by=lin, now=now), by=chen, now=now)


if __name__ == "__main__":
    main(os.environ["PASSWORD"])
