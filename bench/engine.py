"""CPU a cart of the engine beside the floor of the peers' harness: same carts, same promotions, same minutes.

    python bench/engine.py [ROUNDS]        writes var/bench/engine.json

The second column is the same engine compiled (tools/compiled.py), in a process of its own with a floor of its own; it is
left out where there is no C compiler.

The harness is not ours and not part of this repository: FESTOON_PEERS names its folder (default: bench/peers
in a neighbour of this folder).
Reading a cart's JSON into facts stands outside the clock, as it does for the peers; the figures named *_with_reading
have it inside. Nothing is kept from one cart to the next.
"""

from __future__ import annotations

import gc
import importlib
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from festoon.engine.facts import Facts
from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

sys.path.insert(0, str(Path(__file__).resolve().parent))
from figures import PEERS, compiled, written

SIZES, LIVE = ("5", "20", "100"), (10, 100, 1000, 10_000)
SEED = 20261
MOMENT = "2026-12-12T10:00:00+08:00"


def offer_of(promotion: dict[str, Any]) -> dict[str, Any]:
    """A promotion of the workload as an offer of ours. All in one stage, so that their order is the workload's."""
    made = {
        "code": promotion["id"],
        "priority": promotion["priority"],
        "stage": "item",
        "scope": {promotion["attr"]: promotion["values"]},
    }
    kind = promotion["kind"]
    if kind == "percent_off":
        return made | {
            "type": "percent",
            "with": {"basis_points": promotion["percent"] * 100},
            "rounding": {"mode": "floor"},
        }
    if kind == "amount_off":
        return made | {"type": "amount", "with": {"off": promotion["amount"]}}
    if kind == "buy_x_get_y":
        return made | {"type": "buy_x_get_y", "with": {"buy": promotion["x"], "times": 1}}
    spend = {"least_spend": {"amount": promotion["min_total"], "of": "order"}}
    return made | {
        "benefit": {"amount_off": {"amount": promotion["amount"]}},
        "when": [spend],
        "threshold_basis": "list",
    }


def cart_of(cart: dict[str, Any]) -> dict[str, Any]:
    """A cart of the workload as a cart of ours."""
    lines = [
        {
            "id": line["id"],
            "sku": line["product"],
            "quantity": line["quantity"],
            "unit_price": line["price"],
            **{name: line[name] for name in ("product", "category", "brand", "store")},
        }
        for line in cart["lines"]
    ]
    return {"currency": "CNY", "moment": MOMENT, "lines": lines}


def book_of(promotions: list[dict[str, Any]]) -> Any:
    return read_book({"festoon": 1, "currency": "CNY", "offers": [offer_of(p) for p in promotions]})


def checked(workload: dict[str, Any]) -> None:
    """Every hand-checked case gives exactly what is expected."""
    for case in workload["checks"]:
        quote = price(book_of([case["promotion"]]), read_facts(cart_of(case["cart"])))
        if quote.discount != case["expect"]:
            sys.exit(f"wrong answer: {case['promotion']}: expected {case['expect']}, got {quote.discount}")


def cpu(run: Callable[[Any], object], carts: list[Any], times: int) -> float:
    """Microseconds of CPU a cart, over the carts `times` over."""
    start = time.process_time_ns()
    for _ in range(times):
        for cart in carts:
            run(cart)
    return (time.process_time_ns() - start) / (times * len(carts) * 1000)


COUPONS = [
    {"code": "K1", "type": "amount", "with": {"off": 2000, "at": 30_000}, "stage": "platform"},
    {"code": "K2", "type": "percent", "with": {"basis_points": 500, "cap": 5000}, "stage": "platform", "priority": 200},
    {"code": "K3", "type": "percent", "with": {"basis_points": 800}, "scope": {"store": ["hs0", "hs3", "hs6", "hs9"]}},
    {
        "code": "K4",
        "type": "amount",
        "with": {"off": 700, "at": 5000},
        "scope": {"category": [f"hc{n}" for n in range(0, 20, 2)]},
    },
]
"""Four coupons: two for the whole order, two for a third and half of the goods."""
EXCLUSIONS, MET = 9, 5
"""So many pairs are drawn; a cart is taken when so many of them have both ends in it."""


def with_coupons(workload: dict[str, Any], seed: int) -> tuple[Any, list[Facts], list[dict[str, Any]]]:
    """The book of all promotions with four coupons and exclusions, its carts as facts, and the same carts as they were.

    Every cart holds the four coupons, two of which are chosen; at least five of the exclusions, drawn from the seed
    among the hot promotions and the coupons, every third of them by line, tie offers that it meets.
    """
    rng = random.Random(seed)
    hot = workload["promotions"][: LIVE[0]]
    codes = [p["id"] for p in hot] + ["K1", "K3"]
    drawn = rng.sample(list(combinations(codes, 2)), EXCLUSIONS)
    exclusions = [
        {"code": f"x{i}", "between": list(pair), "grain": "line" if i % 3 == 2 else "order"}
        for i, pair in enumerate(drawn)
    ]
    coupons = [coupon | {"kind": "coupon"} for coupon in COUPONS]
    offers = [offer_of(p) for p in workload["promotions"]] + coupons
    book = read_book({"festoon": 1, "currency": "CNY", "offers": offers, "exclusions": exclusions})
    facts, plain = [], []
    wallet = [{"id": f"held-{coupon['code']}", "offer": coupon["code"]} for coupon in COUPONS]
    for cart in workload["carts"]["20"]:
        met = book.meet(read_facts(cart_of(cart)))
        if sum(_tied(met, relation) for relation in book.relations) >= MET:
            facts.append(read_facts(cart_of(cart) | {"wallet": wallet, "chosen": ["held-K1", "held-K3"]}))
            plain.append(cart)
    return book, facts, plain


def _tied(met: dict[int, list[int]], relation: Any) -> bool:
    """Whether an exclusion ties two offers of the cart; by line, only where they meet on one."""
    a, b = met.get(relation.a), met.get(relation.b)
    return a is not None and b is not None and (not relation.line or not set(a).isdisjoint(b))


Pair = tuple[Callable[[Any], object], list[Any], Callable[[Any], object], list[Any]]


def pairs(workload: dict[str, Any], floor: Any) -> dict[str, Pair]:
    """name → (ours, our carts, what it is held against, its carts)."""
    runs: dict[str, Pair] = {}
    for live in LIVE:
        promotions = workload["promotions"][:live]
        book, peer = book_of(promotions), floor(promotions)
        for size in SIZES:
            raw = workload["carts"][size]
            facts, plain = [read_facts(cart_of(c)) for c in raw], [peer.prepare(c) for c in raw]
            runs[f"price_{size}_lines_{live}_live"] = (_pricer(book), facts, peer.price, plain)
            if size == "20" and live == LIVE[-1]:
                few = book_of(workload["promotions"][: LIVE[0]])
                runs["price_20_lines_with_unit_shares"] = (_shared(book), facts, peer.price, plain)
                runs["price_20_lines_with_reading"] = (_reading(book), [cart_of(c) for c in raw], peer.price, plain)
                runs["price_20_lines_with_answer"] = (_answering(book), facts, peer.price, plain)
                with_them, their_facts, same = with_coupons(workload, SEED)
                runs["price_with_coupons"] = (
                    _pricer(with_them),
                    their_facts,
                    peer.price,
                    [peer.prepare(c) for c in same],
                )
                runs["growth_10_to_10000"] = (_pricer(book), facts, _pricer(few), facts)
    return runs


def measured(runs: dict[str, Pair], rounds: int) -> list[dict[str, Any]]:
    """The figures in the form every benchmark writes.

    Each pair is run side by side in every round, and the ratio is the median of the rounds' own ratios: what else the
    machine does meets both.
    """
    firsts = {name: cpu(ours, facts, 1) for name, (ours, facts, _, _) in runs.items()}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (ours, facts, theirs, plain) in runs.items():
            times = max(1, 400 // len(facts) // (5 if "100_lines" in name else 1))
            found[name].append((cpu(ours, facts, times), cpu(theirs, plain, times)))
    return [
        {
            "name": name,
            "value": round(median(a for a, _ in runs), 2),
            "unit": "us",
            "anchor": "price at 10 live" if name.startswith("growth") else "floor",
            "anchor_value": round(median(b for _, b in runs), 2),
            "ratio": round(median(a / b for a, b in runs), 3),
            "first_pass": round(firsts[name], 2),
        }
        for name, runs in found.items()
    ]


def _pricer(book: Any) -> Callable[[Facts], object]:
    return lambda facts: price(book, facts)


def _shared(book: Any) -> Callable[[Facts], object]:
    return lambda facts: price(book, facts).shares()


def _reading(book: Any) -> Callable[[Any], object]:
    return lambda cart: price(book, read_facts(cart))


def _answering(book: Any) -> Callable[[Facts], object]:
    return lambda facts: price(book, facts).to_data()


def book_figures(promotions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What it takes to compile every offer into a book: seconds of CPU, and megabytes that stay."""
    data = {"festoon": 1, "currency": "CNY", "offers": [offer_of(p) for p in promotions]}
    spent = []
    for _ in range(3):
        start = time.process_time()
        read_book(data)
        spent.append(time.process_time() - start)
    gc.collect()
    tracemalloc.start()
    kept = read_book(data)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    wide = [
        {**offer, "scope": {"sku": [f"w{i}-{n}" for n in range(50_000)]}} for i, offer in enumerate(data["offers"][:2])
    ]
    start = time.process_time()
    read_book({**data, "offers": [*data["offers"][2:], *wide]})
    whole = time.process_time() - start
    figures = {
        "book_10000_s": (median(spent), "s"),
        "book_10000_mb": (held, "MB"),
        "book_10000_two_of_50000_skus_s": (whole, "s"),
    }
    assert len(kept.offers) == len(promotions)
    return [{"name": name, "value": round(value, 3), "unit": unit} for name, (value, unit) in figures.items()]


def main() -> int:
    if not (PEERS / "py_peers.py").exists():
        print(
            f"bench: no py_peers.py in {PEERS}; FESTOON_PEERS names the folder of the peers' harness", file=sys.stderr
        )
        return 2
    sys.path.insert(0, str(PEERS))
    sys.dont_write_bytecode = True
    floor, workload = importlib.import_module("py_peers").Floor, importlib.import_module("workload").build()
    checked(workload)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    gc.freeze()
    rows = measured(pairs(workload, floor), rounds)
    if "--figures" in sys.argv:
        print(json.dumps(rows))
        return 0
    print(f"{len(workload['checks'])} hand-checked cases exact")
    fast = compiled(__file__, str(rounds), FESTOON_PEERS=str(PEERS))
    print(f"{'':38} {'median':>9}     {'× anchor':>8} {'first pass':>11}   compiled, × anchor")
    for row in rows:
        other = fast.get(row["name"])
        said = ""
        if other is not None:
            row |= {"compiled": other["value"], "compiled_ratio": other["ratio"]}
            said = f"{other['value']:9.2f} {other['ratio']:7.3f}"
        print(
            f"{row['name']:38} {row['value']:9.2f} {row['unit']}  {row['ratio']:8.3f} {row['first_pass']:11.2f}   {said}"
        )
    more = book_figures(workload["promotions"])
    for row in more:
        print(f"{row['name']:38} {row['value']:9.3f} {row['unit']}")
    print(f"written to {written('engine', [*rows, *more])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
