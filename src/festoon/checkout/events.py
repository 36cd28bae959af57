"""The events of the checkout: what those who count later must know of a hold, an order, a refund."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from festoon.checkout.facts.merchants import merchant
from festoon.checkout.held import Held
from festoon.coupons import queries as coupons
from festoon.records.viewer import SYSTEM, Viewer


def event(kind: str, number: str, held: Held, *, by: Viewer, now: datetime, **more: Any) -> dict[str, Any]:
    """One event about a hold; `number` is its id, the same whenever the same thing is said."""
    campaigns = sorted({campaign for _, campaign in held.offers if campaign})
    return {
        "id": number, "kind": kind, "at": now.astimezone(UTC).isoformat(), "merchant": merchant(held.merchant_id).code,
        "campaign": campaigns[0] if len(campaigns) == 1 else "", "campaigns": campaigns, "offer": "",
        "shopper": held.shopper, "channel": by.channel or held.channel, "store": by.store or held.store,
        "hold": held.hold, "money": {"payable": held.payable}, **more,
    }  # fmt: skip


def money(price: Mapping[str, Any]) -> dict[str, int]:
    """The sums of a price, in minor units."""
    totals = price["totals"]
    return {name: totals[name] for name in ("list", "goods", "shipping", "discount", "payable")}


def offers(price: Mapping[str, Any], held: Held) -> list[dict[str, Any]]:
    """What each offer took and who pays for it."""
    campaign_of = dict(held.offers)
    return [
        {
            "offer": each["offer"],
            "campaign": campaign_of.get(each["offer"], ""),
            "amount": each["amount"],
            "payers": each["payers"],
            "coupon": each["coupon"],
        }
        for each in price["offers"]
    ]


def lines(price: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The goods, without their units."""
    kept = ("id", "sku", "quantity", "unit_price", "list", "discount", "payable")
    return [{name: line[name] for name in kept} for line in price["lines"]]


def used(held: Held) -> list[dict[str, Any]]:
    """The coupons of a hold, by codes that need no look-up."""
    campaign_of = dict(held.offers)
    found = coupons.by_ids(SYSTEM, [coupon for coupon, _ in held.coupons])
    return [
        {
            "id": coupon,
            "offer": found[coupon].template.offer.code,
            "campaign": campaign_of.get(found[coupon].template.offer.code, ""),
            "n": found[coupon].n,
            "origin": found[coupon].origin,
            "amount": taken,
        }
        for coupon, taken in held.coupons
    ]
