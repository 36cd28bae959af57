"""The same over HTTP: 32 connections to one server process, then the same to four at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.load import generator, truth
from tests.load.figure import Figure, asked, cpu_a_request, figure, told
from tests.load.house import House, cpu
from tests.load.world import HOT_COUPON, SHOPPERS, shopper

ON = ("sqlite", "postgresql")


def measure(house: House) -> list[Figure]:
    with house.served("--doors", "api") as products:
        assert generator.once(products[0].url, "/v1/claims", {"offer": HOT_COUPON, "shopper": shopper(0)}) == 201
        said, used = asked(products, "claims.lua", HOT_COUPON, SHOPPERS, "one", seconds=5)
        generator.rest()
    assert not said.refused_by_status, f"{said.refused_by_status} claims were not taken"
    truth.claims_are_exact(house, HOT_COUPON, said.taken)
    found = [figure("claims_http", house, said.rate, "claims/s", goal="ratio >= 3, cpu_us <= 300", **told(said, used))]
    return found if house.kind == "sqlite" else [*found, _four(house, said.taken)]


def _four(house: House, before: int) -> Figure:
    """Four server processes on one database, each asked by a generator of its own."""
    with house.served("--doors", "api", many=4) as products:
        for n, product in enumerate(products):
            generator.once(product.url, "/v1/claims", {"offer": HOT_COUPON, "shopper": shopper(n)}, f"first-{n}")
        used = sum(map(cpu, products))

        def ask(n: int) -> generator.Said:
            return generator.run(
                products[n].url, "claims.lua", HOT_COUPON, SHOPPERS, f"four-{n}", seconds=5, connections=8
            )

        with ThreadPoolExecutor(4) as pool:
            parts = list(pool.map(ask, range(4)))
        used = sum(map(cpu, products)) - used
        generator.rest()
    taken = sum(part.taken for part in parts)
    assert not sum(part.lost + part.refused_by_status for part in parts), "a claim was not taken"
    truth.claims_are_exact(house, HOT_COUPON, before + taken)
    requests = sum(part.requests for part in parts)
    more = {**cpu_a_request(used, requests), "processes": 4, "p99_ms": max(part.p99 for part in parts)}
    return figure("claims_http_4_processes", house, sum(part.rate for part in parts), "claims/s", **more)
