"""The worked example of a draft: a small basket of its goods, priced by the engine without it and with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Any

from festoon.base.money import exponent
from festoon.catalog import queries as catalog
from festoon.catalog.goods import Goods, goods
from festoon.engine.price import price
from festoon.engine.stages import SHIPPING
from festoon.offers import queries
from festoon.offers.book import zone
from festoon.offers.drafts import releasable, span
from festoon.offers.models import Offer
from festoon.offers.overlap import stage
from festoon.records.viewer import SYSTEM
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

CANDIDATES = 200
QUANTITIES = (1, 2, 4, 8, 16, 32, 64)
COUPON = "example"
CARRIAGE = 10
"""What a basket's shipping costs in the example of an offer that is about shipping, in major units."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What examples are priced with: the goods, the zone of each currency, the live promotions with their goods."""

    goods: Goods
    zones: Mapping[str, str]
    live: Sequence[tuple[Mapping[str, Any], str, frozenset[str]]]


def bench(now: datetime) -> Bench:
    """The goods and the live promotions as they are now, for any number of examples."""
    have = goods(now, exact=True)
    rows = queries.live_releases(SYSTEM, "offer").select_related("merchant")
    live = [(row.data, row.merchant.currency, frozenset(have.within(row.data.get("scope") or {})))
            for row in rows if row.data.get("kind", "promotion") == "promotion"]  # fmt: skip
    zones = {merchant.currency: zone(merchant.currency) for merchant in catalog.merchants(SYSTEM)}
    return Bench(have, zones, live)


def example(offer: Offer, on: Bench, *, now: datetime) -> dict[str, Any]:
    """The smallest basket of the offer's goods on which it applies, or the last one tried, as data.

    `basket` with its lines, `without` and `with` the draft: list, discount, payable, the offers that applied and the
    verdicts in both languages; `short`: what the shopper is told one step before. `costs` needs the right to see it.
    Empty when the offer's goods have no price.
    """
    draft, currency = releasable(offer), offer.merchant.currency
    skus = _goods(draft, on.goods)
    if not skus:
        return {}
    beside = [data for data, money, about in on.live if money == currency and not about.isdisjoint(skus)]
    beside = [data for data in beside if data["code"] != offer.code]
    books = [read_book(_book(offers, currency, on.zones[currency])) for offers in (beside, [*beside, draft])]
    found: dict[str, Any] = {}
    for cart in _carts(draft, offer, skus, on.goods, now):
        before, after = (_figures(price(book, read_facts(cart)).to_data(words=True)) for book in books)
        told: dict[str, Any] = next((each for each in after["verdicts"] if each["offer"] == offer.code), {})
        found = {
            "basket": [{name: line[name] for name in ("sku", "quantity", "unit_price")} for line in cart["lines"]],
            "buyer": cart["buyer"],
            "moment": cart["moment"],
            "without": before,
            "with": after,
            "verdict": told,
            "costs": _costs(cart, before, after),
            "short": found.get("verdict", {}),
        }
        if told.get("code") == "applied":
            break
    return found


def _goods(draft: Mapping[str, Any], have: Goods) -> list[str]:
    """Two of the goods the draft is about, of a price in the middle."""
    inside = have.within(draft.get("scope") or {})
    priced = [sku for sku in nsmallest(CANDIDATES, inside) if have.prices[sku]]
    priced.sort(key=lambda sku: (have.prices[sku], sku))
    middle = len(priced) // 2
    return priced[max(0, middle - 1) : middle + 1]


def _carts(
    draft: Mapping[str, Any], offer: Offer, skus: list[str], have: Goods, now: datetime
) -> Iterator[dict[str, Any]]:
    """Baskets of these goods for a buyer the draft is meant for, each twice the one before."""
    starts, ends = span(draft.get("window") or {}, offer.merchant.zone)
    carriage = CARRIAGE * 10 ** exponent(offer.merchant.currency) if stage(draft) == SHIPPING else 0
    over = ends is not None and ends <= now
    coupon = offer.kind == "coupon"
    wished = _wished(draft)
    for quantity in QUANTITIES:
        yield {
            "currency": offer.merchant.currency,
            "moment": (starts if starts and over else max(now, starts or now)).astimezone(UTC).isoformat(),
            **wished,
            **({"shipping": carriage} if carriage else {}),
            "lines": [
                {"id": str(at), "sku": sku, "quantity": quantity, "unit_price": have.prices[sku], **_known(have, sku)}
                for at, sku in enumerate(skus, 1)
            ],
            "wallet": [{"id": COUPON, "offer": offer.code}] if coupon else [],
            "chosen": [COUPON] if coupon else [],
        }


def _known(have: Goods, sku: str) -> dict[str, Any]:
    """What is known of the sku; a cost that nobody told is left out."""
    return {name: value for name, value in have.lines[sku].items() if value is not None}


def _wished(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The buyer and the channel that the draft's conditions ask for."""
    buyer: dict[str, Any] = {"id": COUPON, "segments": [], "orders_placed": 1}
    channel = ""
    for condition in draft.get("when") or ():
        buyer["segments"] += (condition.get("segment") or {}).get("any", [])
        channel = next(iter((condition.get("channel") or {}).get("any", [])), channel)
        if "new_buyer" in condition:
            buyer |= {"orders_placed": 0, "new": True}
    return {"buyer": {**buyer, "segments": sorted(set(buyer["segments"]))}, "channel": channel}


def _book(offers: Sequence[Mapping[str, Any]], currency: str, zone: str) -> dict[str, Any]:
    return {"festoon": 1, "currency": currency, "zone": zone, "offers": list(offers)}


def _figures(quote: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a quote that a reviewer looks at."""
    applied = [{name: offer[name] for name in ("offer", "name", "amount", "payers")} for offer in quote["offers"]]
    return {**quote["totals"], "offers": applied, "gifts": quote["gifts"], "verdicts": quote["verdicts"]}


def _costs(cart: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, int]:
    """What the goods cost and what would be left of the price; empty where a cost is not known."""
    each = [(line.get("unit_cost"), line["quantity"]) for line in cart["lines"]]
    if any(cost is None for cost, _ in each):
        return {}
    cost = sum(one * quantity for one, quantity in each)
    return {"cost": cost, "profit_without": before["goods"] - cost, "profit_with": after["goods"] - cost}
