"""What some screens wait for: a system that is told, a rule of one's own, an order, and a desk that is asked about it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import django

HOOK, RULE, ORDER = "order desk", "oolong-rule", "A-2026-1042"
DESK = "service-desk"


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
    about = {"en": "A tenth off one kind of tea.", "zh": "某一类茶叶打折。"}
    rules = as_preset(offers.offer(lin, "d12-oolong-15"))
    presets.create({**rules, "code": RULE, "about": about}, by=lin, now=now)
    price = catalog.products(SYSTEM).get(sku="t-05").list_price
    asked = quote(QuoteRequest(lines=[LineRequest("1", "t-05", 2, price)], buyer="mei"), by=app, now=now)
    held = hold(asked.token, by=app, now=now, key="backstage-hold").hold
    redeem(held, order=ORDER, by=app, now=now, key="backstage-order")


if __name__ == "__main__":
    main(os.environ["PASSWORD"])
