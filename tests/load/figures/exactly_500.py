"""A stock of 500, 2,000 attempts of which every fifth is a replay: exactly 500 coupons, in each way of claiming."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.load import generator, truth
from tests.load.figure import Figure
from tests.load.house import House
from tests.load.world import EXACT, SHOPPERS

ON = ("sqlite", "postgresql")
STOCK, ATTEMPTS = 500, 2_000


def measure(house: House) -> list[Figure]:
    ways: list[Callable[[House, str], None]] = [_in_process, _over_http, _four_processes]
    found = []
    for offer, way in zip(EXACT, ways, strict=True):
        if way is _four_processes and house.kind == "sqlite":
            continue  # the embedded database has one process
        way(house, offer)
        rows = truth.claims_are_exact(house, offer)
        if rows != STOCK:
            raise truth.Wrong(f"{offer}: {rows} of {STOCK} were given")
        found.append(
            {
                "name": offer.removeprefix("load-").replace("-", "_"), "database": house.kind, "value": rows,
                "unit": "coupons", "anchor": "stock", "anchor_value": STOCK, "ratio": rows / STOCK, "goal": "exactly 500",
                "attempts": ATTEMPTS,
            }
        )  # fmt: skip
    return found


def _in_process(house: House, offer: str) -> None:
    done = house.run("tests.load.inside", offer, "10", offer, str(ATTEMPTS))
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    if told["given"] != STOCK:
        raise truth.Wrong(f"{offer}: {told['given']} different coupons were answered")


def _over_http(house: House, offer: str) -> None:
    with house.served("--doors", "api") as products:
        _asked(products[0].url, offer, connections=32)


def _four_processes(house: House, offer: str) -> None:
    """Four processes, and the same keys at each of them."""
    with house.served("--doors", "api", many=4) as products, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda product: _asked(product.url, offer, connections=8), products))


def _asked(url: str, offer: str, *, connections: int) -> None:
    """All attempts at one server that knows the coupon already; raises Wrong where an answer is neither yes nor gone."""
    generator.once(url, "/v1/claims", {"offer": offer, "shopper": "nobody-at-all"})
    said = generator.run(
        url, "claims.lua", offer, SHOPPERS, offer, ATTEMPTS, seconds=generator.PATIENCE, connections=connections
    )
    unsent = 1  # the generator asks its script for one request that it never sends
    if said.taken + said.refused < ATTEMPTS - unsent or said.refused_by_status > said.refused:
        raise truth.Wrong(f"{offer}: {said}")
