"""A year of real baskets priced in one go under ten live offers, on one core.

    python bench/baskets.py        writes var/bench/baskets.json

The baskets are those of The Complete Journey (docs/year-definitions.md), from the package of the extra `demo`; without
it this says so. It runs what an analyst runs, `festoon baskets --offers bench/baskets.yaml FILE`, on a file of lines at
shelf prices made once under var/bench. Reading the file is inside the clock. One basket of a hundred is then priced by
itself, through JSON as /v1 and `festoon price` do it, and has to come to the same discount.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb
from figures import ROOT, written

from festoon.cli.baskets import read
from festoon.cli.check import book_of
from festoon.cli.price import answer_to
from festoon.demo.year.source import Source, folder_of
from festoon.engine.quote import Quote
from festoon.records.refusal import Invalid
from festoon.rulebook.baskets import Sums, priced

OFFERS = ROOT / "bench" / "baskets.yaml"
FILE = ROOT / "var" / "bench" / "baskets.parquet"
NEEDED = 60
"""Seconds for all of them."""
SAMPLE = 100
LINES = """
    copy (
        select line.basket, 'cj-' || line.product as sku, greatest(line.units, 1)::bigint as quantity,
               ((line.net + line.card + line.match) // greatest(line.units, 1))::bigint as unit_price,
               strftime(basket.stamp, '%Y-%m-%dT%H:%M:%SZ') as moment, 'retailer-' || basket.store as store,
               'maker-' || product.manufacturer as brand, 'retailer' as merchant, 'store' as channel,
               product.department_slug || '/' || product.department_slug || '-' || product.category_slug as category,
               lower(product.brand) as tags
        from basket_line line join basket using (basket) left join product on product.product = line.product
        where line.goods order by line.basket, sku
    ) to '{file}' (format parquet)
"""


def made(folder: Path) -> Path:
    """The file of lines; made where it is not there."""
    if not FILE.exists():
        print("reading the year …", file=sys.stderr, flush=True)
        FILE.parent.mkdir(parents=True, exist_ok=True)
        aside = FILE.with_suffix(".part")
        Source(folder).base.execute(LINES.format(file=aside))
        aside.rename(FILE)
    return FILE


def differing(file: Path, found: dict[str, int]) -> tuple[int, int]:
    """How many baskets were priced once more by themselves, and how many came to another discount."""
    book = book_of(str(OFFERS))
    names = [name[0] for name in duckdb.execute("select * from read_parquet(?) limit 0", [str(file)]).description]
    chosen = [basket for n, basket in enumerate(found) if n % SAMPLE == 0]
    rows = duckdb.execute("select * from read_parquet(?) where list_contains(?, basket::varchar) order by basket, sku",
                          [str(file), chosen]).fetchall()  # fmt: skip
    carts: dict[str, dict[str, object]] = {}
    for row in rows:
        told = dict(zip(names, row, strict=True))
        basket = str(told.pop("basket"))
        cart = carts.setdefault(basket, {"currency": "USD", **{k: told[k] for k in ("moment", "store", "merchant", "channel")},
                                         "lines": []})  # fmt: skip
        line = {k: v for k, v in told.items() if k not in {"moment", "channel"} and v is not None}
        for several in ("category", "tags"):
            line[several] = line[several].split("/") if line.get(several) else []
        cart["lines"].append({"id": f"l{len(cart['lines'])}", **line})  # type: ignore[attr-defined]
    wrong = 0
    for basket, cart in carts.items():
        quote = answer_to(book, json.dumps(cart)) if book else None
        if not isinstance(quote, Quote) or quote.discount != found[basket]:
            wrong += 1
    return len(carts), wrong


def main() -> int:
    try:
        file = made(folder_of({}))
    except Invalid as fault:
        print(f"bench: {fault.words.en}")
        return 2
    book = book_of(str(OFFERS))
    if book is None:
        return 1
    sums, found = Sums(), dict[str, int]()
    wall, cpu = time.monotonic(), time.process_time()
    columns, rows = read(file)
    for n, one in enumerate(priced(book, rows, columns), 1):
        sums.add(one)
        if one.quote is not None:
            found[one.basket] = one.quote.discount
        if n % 25_000 == 0:
            print(f"  {n:,} baskets, {time.process_time() - cpu:.1f} s of CPU", file=sys.stderr, flush=True)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    sampled, wrong = differing(file, found)
    told = sums.to_data()
    print(
        f"{told['baskets']:,} baskets, {told['lines']:,} lines, {len(book.offers)} offers: {cpu:.1f} s of CPU "
        f"({wall:.1f} s), {told['baskets'] / cpu:,.0f} baskets/s; discount {told['discount'] / 100:,.2f} of "
        f"{told['list'] / 100:,.2f}; {told['reduced']:,} baskets reduced, {told['refused']} refused"
    )
    print(f"{sampled:,} of them priced again by themselves: {wrong} differ")
    for each in told["offers"]:
        print(f"  {each['offer']:24} {each['amount'] / 100:14,.2f}  {each['baskets']:8,} baskets")
    row = {
        "name": "real_baskets", "value": round(cpu, 2), "unit": "s", "anchor": "seconds allowed", "anchor_value": NEEDED,
        "ratio": round(cpu / NEEDED, 3), "baskets": told["baskets"], "wall": round(wall, 2), "sampled": sampled, "differ": wrong,
    }  # fmt: skip
    print(f"written to {written('baskets', [row], sums=told)}")
    return 1 if wrong or told["refused"] else 0


if __name__ == "__main__":
    sys.exit(main())
