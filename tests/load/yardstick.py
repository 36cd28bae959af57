"""How fast the processor is just now: the floor of the peers' harness, a cart of 20 lines in plain Python.

A server's CPU a request is said in floors too: microseconds of two machines, or of two hours of one that others use,
cannot be laid side by side; floors can. The harness is not part of this repository (bench/figures.py says where it is
looked for); where it is not, nothing is said in floors.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from statistics import median
from typing import Any

from bench.figures import PEERS

LINES, LIVE, ROUNDS = "20", 10, 15


def floor() -> float | None:
    """Microseconds of CPU a cart, just now."""
    if (found := _floor()) is None:
        return None
    price, carts = found
    return median(_clocked(price, carts) for _ in range(ROUNDS))


@cache
def _floor() -> tuple[Callable[[Any], object], list[Any]] | None:
    if not (PEERS / "py_peers.py").exists():
        return None
    sys.path.insert(0, str(PEERS))
    keeps, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    workload = import_module("workload").build()
    peer = import_module("py_peers").Floor(workload["promotions"][:LIVE])
    sys.dont_write_bytecode = keeps
    return peer.price, [peer.prepare(cart) for cart in workload["carts"][LINES]]


def _clocked(price: Callable[[Any], object], carts: list[Any]) -> float:
    began = time.process_time_ns()
    for cart in carts:
        price(cart)
    return (time.process_time_ns() - began) / len(carts) / 1000
