"""Price tags a second on one core: 200 goods under 10,000 live offers, for a shopper with four coupons.

    python bench/tags.py [SEED]        writes var/bench/tags.json

`price_tags` is the engine's part: the facts of the page stand outside the clock, nothing is kept from one tag to the
next. `price_tags_action` is the whole of POST /v1/prices but its JSON: catalogue, shopper, wallet and what is left read
from a database, on goods and a book in memory, as a process that serves has them.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from figures import written
from tags_shop import open_shop
from tags_world import CURRENCY, MOMENT, OFFERS, SKUS, book_data, page, wallet

from festoon.engine.tags import alone, tag
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

NEEDED = 5_000
ROUNDS = 7


def clocked(run: Callable[[], object]) -> float:
    """Seconds of CPU."""
    start = time.process_time_ns()
    run()
    return (time.process_time_ns() - start) / 1e9


def row(name: str, run: Callable[[], list[Any]]) -> dict[str, Any]:
    """One figure: tags a second, the median of some rounds."""
    first = clocked(run)
    rate = median(SKUS / clocked(run) for _ in range(ROUNDS))
    return {
        "name": name, "value": round(rate), "unit": "tags/s", "anchor": "needed", "anchor_value": NEEDED,
        "ratio": round(rate / NEEDED, 2), "first_pass": round(SKUS / first),
    }  # fmt: skip


def main() -> int:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    chance = random.Random(seed)
    data = book_data(chance)
    began = time.process_time()
    book = read_book(data)
    print(f"{len(book.offers)} live offers read in {time.process_time() - began:.2f} s")
    goods = page(chance)
    lines = [{**each, "id": each["sku"], "quantity": 1} for each in goods]
    cart = {
        "currency": CURRENCY, "moment": MOMENT, "channel": "app", "merchant": "lantern", "lines": lines,
        "buyer": {"id": "mei", "segments": ["gold"], "level": "gold"}, "wallet": wallet(data, goods, chance),
    }  # fmt: skip
    facts = read_facts(cart)

    def tags() -> list[Any]:
        return [tag(book, alone(facts, row, {})) for row in facts.rows]

    made = tags()
    reach = [len(book.meet(alone(facts, row, {}))) for row in facts.rows]
    reduced, couponed = sum(t.now < t.listed for t in made), sum(t.best < t.now for t in made)
    print(
        f"each of {SKUS} goods meets {sum(reach) / SKUS:.1f} offers, {max(reach)} at most; {reduced} are reduced, ",
        end="",
    )
    print(f"{couponed} more by a coupon, {sum(t.changes is not None for t in made)} say when they change")
    rows = [row("price_tags", tags), row("price_tags_action", open_shop(data, goods, random.Random(seed)))]
    for each in rows:
        print(f"{each['name']:24} {each['value']:8} {each['unit']}, {each['ratio']} of what is needed")
    print(f"written to {written('tags', rows, seed=seed, offers=OFFERS, skus=SKUS)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
