"""Orders that all draw on one budget, held and redeemed by 24 shoppers at once, until the budget is at its end."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from festoon.demo.town.shop import Shop
from festoon.demo.town.wire import Lost, Wire
from tests.load import generator, truth, world
from tests.load.figure import Figure
from tests.load.house import House
from tests.load.stage import KEY

ON = ("sqlite", "postgresql")
AT_ONCE, LONGEST = 24, 120
LINE = {"id": "1", "sku": "e-1", "quantity": 1, "unit_price": 10_000}
LEAST = world.shared()["with"]["off"]
"""With less than one order is given left, the budget is at its end."""
ACCOUNT = f"budget:{world.SMALL}:discount:platform"


@dataclass
class Orders:
    """What all shoppers came to; `over` when one of them was quoted no discount, or told what nobody may be told (`odd`)."""

    pairs: int = 0
    gave: int = 0
    overtaken: int = 0
    odd: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


def measure(house: House) -> list[Figure]:
    orders, began = Orders(), time.monotonic()
    with house.served("--doors", "api") as products:
        assert generator.once(products[0].url, "/v1/quotes", {"lines": [LINE]}) == 200
        threads = [
            threading.Thread(target=_shop, args=(products[0].url, n, orders), daemon=True) for n in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        orders.over.wait(LONGEST)
        orders.over.set()
        for thread in threads:
            thread.join(timeout=30)
        orders.odd += ["no answer in half a minute" for thread in threads if thread.is_alive()]
    took = time.monotonic() - began
    granted, spent = truth.budget_is_whole(house, ACCOUNT)
    _judge(orders, granted, spent)
    return [
        {
            "name": "shared_budget", "database": house.kind, "value": granted - spent, "unit": "fen left",
            "anchor": "budget", "anchor_value": granted, "ratio": round(spent / granted, 4),
            "goal": "overspent 0, ends in the run", "overspent": max(0, spent - granted), "orders": orders.pairs,
            "orders_per_s": round(orders.pairs / took, 1), "overtaken": orders.overtaken,
        }
    ]  # fmt: skip


def _judge(orders: Orders, granted: int, spent: int) -> None:
    """Raises Wrong where an answer is none of the documented ones, or the budget is not at its end and all given away."""
    if orders.odd:
        raise truth.Wrong(f"{len(orders.odd)} answers are none of the documented ones: {orders.odd[0]}")
    if spent != orders.gave:
        raise truth.Wrong(f"{ACCOUNT}: the orders were given {orders.gave}, {spent} is spent")
    if granted - spent >= LEAST:
        raise truth.Wrong(f"{ACCOUNT} did not end in the run: {granted - spent} is left after {orders.pairs} orders")


def _shop(url: str, n: int, orders: Orders) -> None:
    """Quote, hold, redeem, again and again, until a quote says that the budget gives nothing more."""
    number, said = 0, ""
    with Wire(url, KEY) as wire:
        while not (orders.over.is_set() or said):
            number += 1
            try:
                said = _order(Shop(wire), n, f"budget-{n}-{number}", orders)
            except Lost as lost:
                said = str(lost)
    orders.odd += [said] if said else []
    orders.over.set()


def _order(shop: Shop, n: int, key: str, orders: Orders) -> str:
    """One of them; what was answered that is none of the documented answers, else ""."""
    quote = shop.quote([LINE], world.shopper(n))
    if not quote.ok:
        return f"quote: {quote.code}"
    if not quote.body["totals"]["discount"]:
        orders.over.set()
        return ""
    held = shop.hold(quote.body["token"], key=key)
    if not held.ok:
        with orders.lock:
            orders.overtaken += held.code == "quote_changed"
        return "" if held.code == "quote_changed" else f"hold: {held.code}"
    redeemed = shop.redeem(held.body["hold"], key, key=f"{key}-r")
    with orders.lock:
        orders.pairs += redeemed.ok
        orders.gave += 10_000 - held.body["payable"]
    return redeemed.code and f"redeem: {redeemed.code}"
