"""One figure in the form every benchmark writes, and how a server is measured while it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.faults.product import Product
from tests.load import anchor, generator
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
        "cpu_us": round(used / said.requests * 1e6), "per_core": round(said.requests / used), "p50_ms": said.p50,
        "p99_ms": said.p99, "generator_core_share": round(said.share, 2),
    }  # fmt: skip
