"""Orders that all draw on one budget, held and redeemed by 24 shoppers at once, until the budget is at its end."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from festoon.demo.town.shop import Shop
from festoon.demo.town.wire import Wire
from tests.load import generator, truth, world
from tests.load.figure import Figure
from tests.load.house import House
from tests.load.stage import KEY

ON = ("sqlite", "postgresql")
AT_ONCE, LONGEST = 24, 20
LINE = {"id": "1", "sku": "e-1", "quantity": 1, "unit_price": 10_000}
ACCOUNT = f"budget:{world.SMALL}:discount:platform"


@dataclass
class Orders:
    """What all shoppers came to."""

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
    took = time.monotonic() - began
    if orders.odd:
        raise truth.Wrong(f"{len(orders.odd)} answers are none of the documented ones: {orders.odd[0]}")
    granted, spent = truth.budget_is_whole(house, ACCOUNT)
    if spent != orders.gave:
        raise truth.Wrong(f"{ACCOUNT}: the orders were given {orders.gave}, {spent} is spent")
    return [
        {
            "name": "shared_budget", "database": house.kind, "value": granted - spent, "unit": "fen left",
            "anchor": "budget", "anchor_value": granted, "ratio": round(spent / granted, 4),
            "goal": "overspent 0, ends in the run", "overspent": max(0, spent - granted), "ended": granted - spent < 777, "orders": orders.pairs,
            "orders_per_s": round(orders.pairs / took, 1), "overtaken": orders.overtaken,
        }
    ]  # fmt: skip


def _shop(url: str, n: int, orders: Orders) -> None:
    """Quote, hold, redeem, again and again, until a quote says that the budget gives nothing more."""
    with Wire(url, KEY) as wire:
        shop, number = Shop(wire), 0
        while not orders.over.is_set():
            number += 1
            key = f"budget-{n}-{number}"
            quote = shop.quote([LINE], world.shopper(n))
            if not quote.ok or not quote.body["totals"]["discount"]:
                orders.over.set()
                return
            held = shop.hold(quote.body["token"], key=key)
            if not held.ok:
                with orders.lock:
                    orders.overtaken += held.code == "quote_changed"
                    orders.odd += [held.code] if held.code != "quote_changed" else []
                continue
            redeemed = shop.redeem(held.body["hold"], key, key=f"{key}-r")
            with orders.lock:
                orders.pairs += redeemed.ok
                orders.gave += 10_000 - held.body["payable"]
                orders.odd += [] if redeemed.ok else [redeemed.code]
