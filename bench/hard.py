"""How fast, and how surely, the best legal set is found where 25 offers really meet and 12 exclusions tie them.

    python bench/hard.py SEED [CARTS]        writes var/bench/hard.json

The carts are those of hard_carts.py. CPU time of `price` with verdicts, the median of some rounds for each cart;
reading the file and the cart stands outside the clock, and nothing is kept from one cart to the next; the second column
is the same compiled (tools/compiled.py), left out where there is no C compiler. `search_p50_ms`
and `play_p50_ms` say apart what the choice costs, and what the price and the verdicts of the chosen set.
A greedy choice by priority is priced beside it: `greedy_wrong` is the share of carts on which it saves less.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from figures import compiled, written
from hard_carts import world

from festoon.engine.book import Book
from festoon.engine.cart import Cart
from festoon.engine.choice import Choice, choose
from festoon.engine.facts import Facts
from festoon.engine.play import Play
from festoon.engine.price import STEPS, price
from festoon.engine.quote import Quote
from festoon.engine.ties import Ties
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

ROUNDS = 5
Case = tuple[Book, Book, Facts]
"""The offers, the same with a greedy choice by priority, and the cart."""


def case(seed: int, i: int) -> Case:
    """Cart number `i` of a seed."""
    data, cart = world(seed, i)
    return read_book(data), read_book({**data, "policy": {"objective": "priority"}}), read_facts(cart)


def clocked(run: Callable[..., object], *given: object) -> float:
    """Milliseconds of CPU."""
    start = time.process_time_ns()
    run(*given)
    return (time.process_time_ns() - start) / 1e6


def apart(book: Book, facts: Facts) -> tuple[float, float]:
    """Milliseconds of the search, and of the price and verdicts of the set that it finds."""
    cart = Cart(book, facts)
    ties = Ties(cart)
    choice = choose(cart, ties, STEPS)
    return clocked(choose, cart, ties, STEPS), clocked(answered, cart, ties, choice)


def answered(cart: Cart, ties: Ties, choice: Choice) -> Quote:
    """The price and the verdicts of a set that was found."""
    return Quote(Play(cart, ties, choice.mask, choice.found), choice.bound, choice.steps, explained=True)


def rank(values: list[float], share: float) -> float:
    """The value that so large a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measured(cases: list[Case]) -> list[dict[str, Any]]:
    """The figures in the form every benchmark writes."""
    firsts = [clocked(price, book, facts) for book, _, facts in cases]
    rounds = [[clocked(price, book, facts) for book, _, facts in cases] for _ in range(ROUNDS)]
    times = [median(each) for each in zip(*rounds, strict=True)]
    parts = [apart(book, facts) for book, _, facts in cases]
    quotes = [price(book, facts) for book, _, facts in cases]
    greedy = [price(book, facts) for _, book, facts in cases]
    gaps = [q.bound / max(1, q.play.amounts.saved) for q in quotes if not q.optimal]
    short = [g.play.amounts.saved < q.play.amounts.saved for g, q in zip(greedy, quotes, strict=True)]
    found = {
        "hard_p50_ms": (median(times), "ms"),
        "hard_p99_ms": (rank(times, 0.99), "ms"),
        "proven_optimal": (sum([q.optimal for q in quotes]) / len(quotes), "share"),
        "gap_median": (median(gaps or [0]), "of what is saved"),
        "gap_worst": (max(gaps, default=0), "of what is saved"),
        "greedy_wrong": (sum(short) / len(short), "share"),
        "search_p50_ms": (median([search for search, _ in parts]), "ms"),
        "play_p50_ms": (median([play for _, play in parts]), "ms"),
        "steps_p50": (median([q.steps for q in quotes]), "branches"),
        "steps_p99": (rank([q.steps for q in quotes], 0.99), "branches"),
        "applied_p50": (median([q.play.mask.bit_count() for q in quotes]), "offers"),
    }
    rows: list[dict[str, Any]] = [
        {"name": name, "value": round(value, 5), "unit": unit} for name, (value, unit) in found.items()
    ]
    rows[0]["first_pass"] = round(median(firsts), 5)
    return rows


def main() -> int:
    if len(sys.argv) < 2 or not sys.argv[1].isdigit():
        print(__doc__, file=sys.stderr)
        return 2
    seed, carts = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    cases = [case(seed, i) for i in range(carts)]
    gc.freeze()
    rows = measured(cases)
    if "--figures" in sys.argv:
        print(json.dumps(rows))
        return 0
    fast = compiled(__file__, str(seed), str(carts))
    for row in rows:
        said = ""
        if row["unit"] == "ms" and row["name"] in fast:
            row["compiled"] = fast[row["name"]]["value"]
            said = f"  compiled {row['compiled']}"
        first = f"  (first pass {row['first_pass']})" if "first_pass" in row else ""
        print(f"{row['name']:20} {row['value']:10} {row['unit']}{first}{said}")
    print(f"{carts} carts of seed {seed}, written to {written('hard', rows, seed=seed, carts=carts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
