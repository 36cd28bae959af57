"""One figure in the form every benchmark writes, and how a server is measured while it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import mean, median
from typing import Any

from tests.faults.product import Product
from tests.load import anchor, generator, yardstick
from tests.load.generator import Said
from tests.load.house import House, cpu

Figure = dict[str, Any]
RAW = "pgbench raw transaction, 32 clients"


def figure(name: str, house: House, value: float, unit: str, *, goal: str = "", **more: Any) -> Figure:
    """`value` beside the raw transaction of this very minute."""
    raw = anchor.raw(house.pgbench)
    return {
        "name": name, "database": house.kind, "value": round(value, 1), "unit": unit, "anchor": RAW,
        "anchor_value": round(raw), "ratio": round(value / raw, 2), "goal": goal, **more,
    }  # fmt: skip


def figure_of_rounds(name: str, house: House, run: Callable[[int], float], rounds: int, unit: str, goal: str) -> Figure:
    """Several runs, each beside the raw transaction just before and just after it; the ratio is the median of theirs.

    What else the machine does, and how long its disk makes one wait, changes from one minute to the next.
    """
    raws, rates = [anchor.raw(house.pgbench)], []
    for n in range(rounds):
        rates.append(run(n))
        raws.append(anchor.raw(house.pgbench))
    ratios = [rate / mean(around) for rate, around in zip(rates, pairwise(raws), strict=True)]
    return {
        "name": name, "database": house.kind, "value": round(median(rates), 1), "unit": unit, "anchor": RAW,
        "anchor_value": round(median(raws)), "ratio": round(median(ratios), 2), "goal": goal,
        "ratios": [round(ratio, 2) for ratio in ratios],
    }  # fmt: skip


def asked(products: Sequence[Product], script: str, *arguments: object, seconds: int = 5, connections: int = 32) -> tuple[
    Said, float
]:  # fmt: skip
    """Ask the one product there is: the generator knows one address. What was said, and seconds of its CPU."""
    (product,) = products
    before = cpu(product)
    said = generator.run(product.url, script, *arguments, seconds=seconds, connections=connections)
    return said, cpu(product) - before


def told(said: Said, used: float) -> Figure:
    """What is reported beside every rate over HTTP."""
    assert not said.lost, f"{said.lost} requests were not answered"
    return {
        **cpu_a_request(used, said.requests), "per_core": round(said.requests / used), "p50_ms": said.p50,
        "p99_ms": said.p99, "generator_core_share": round(said.share, 2),
    }  # fmt: skip


def cpu_a_request(used: float, requests: int) -> Figure:
    """Microseconds of the server's CPU, and how many floors these are just now."""
    spent = used / requests * 1e6
    if (floor := yardstick.floor()) is None:
        return {"cpu_us": round(spent)}
    return {"cpu_us": round(spent), "floors": round(spent / floor, 1), "floor_us": round(floor, 1)}
