"""festoon baskets: what an offers file would have cost over recorded baskets, without a database."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from festoon.base.money import amount_text
from festoon.cli.check import book_of
from festoon.engine.price import STEPS
from festoon.rulebook.baskets import COLUMNS, NEEDED, Priced, Sums, check_columns, priced

EACH = 10_000
"""Baskets between two words of progress; rows fetched at a time."""


def add(subparsers: Any) -> None:
    """Say what `festoon baskets` takes."""
    says = "what an offers file would have cost over recorded baskets, without a database"
    parser = subparsers.add_parser("baskets", help=says)
    parser.add_argument("--offers", required=True, help="the offers file (YAML or JSON)")
    parser.add_argument(
        "baskets",
        help=f"Parquet or CSV with a row a line of a basket. Columns: {', '.join(NEEDED)}; "
        f"if known {', '.join(name for name in COLUMNS if name not in NEEDED)} (category as drink/tea)",
    )
    parser.add_argument(
        "--out", metavar="FILE", help="write every basket's list, discount and payable (Parquet or CSV)"
    )
    parser.add_argument("--words", choices=("en", "zh"), help="a table to read instead of JSON")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"branches the choice may look at (default {STEPS})")


def run(given: argparse.Namespace) -> int:
    """0 when every basket was priced; 1 for a bad offers file, 2 for a bad basket: the others are priced."""
    book = book_of(given.offers, given.words or "en")
    if book is None:
        return 1
    sums, kept = Sums(), list[tuple[str, int, int, int]]()
    began, cpu = time.monotonic(), time.process_time()
    try:
        columns, rows = read(Path(given.baskets))
        for done, one in enumerate(priced(book, rows, columns, given.steps), 1):
            sums.add(one)
            _tell(one, done, began)
            if given.out and one.quote is not None:
                kept.append((one.basket, one.quote.list_total, one.quote.discount, one.quote.payable))
        if given.out:
            write(Path(given.out), kept)
    except (OSError, ValueError, duckdb.Error) as fault:
        print(f"festoon baskets: {fault}", file=sys.stderr)
        return 2
    seconds = max(time.process_time() - cpu, 1e-9)
    rate = {"seconds": round(seconds, 1), "baskets_per_second": round((sums.baskets + sums.refused) / seconds)}
    found = {"book": book.version, "currency": book.currency, **sums.to_data(), **rate}
    print(_table(found, given.words) if given.words else json.dumps(found, ensure_ascii=False, indent=2))
    return 2 if sums.refused else 0


def read(file: Path) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The columns of a file, and its rows in the order of their baskets."""
    if not file.is_file():
        raise ValueError(f"there is no file {file}")
    base = duckdb.connect(config={"autoinstall_known_extensions": False})
    base.execute("SET TimeZone = 'UTC'")
    found = base.read_csv(str(file)) if file.suffix == ".csv" else base.read_parquet(str(file))
    columns = check_columns(found.columns)
    # A moment may be a time stamp with its zone: as text it has the offset of UTC.
    taken = ["CAST(moment AS VARCHAR)" if name == "moment" else name for name in columns]
    rows = found.order("basket, sku, quantity, unit_price").project(", ".join(taken))
    return columns, _each(rows.to_arrow_reader(EACH))


def _each(batches: Any) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*[column.to_pylist() for column in batch.columns], strict=True)


def write(file: Path, kept: list[tuple[str, int, int, int]]) -> None:
    """A row a basket: basket, list, discount, payable."""
    columns = list(zip(*kept, strict=True)) or [(), (), (), ()]
    table = pyarrow.table(dict(zip(("basket", "list", "discount", "payable"), columns, strict=True)))
    if file.suffix == ".csv":
        pyarrow.csv.write_csv(table, file)
    else:
        pyarrow.parquet.write_table(table, file)


def _tell(one: Priced, done: int, began: float) -> None:
    if one.fault is not None:
        told = {"basket": one.basket, **one.fault.to_data()}
        print(json.dumps(told, ensure_ascii=False), file=sys.stderr)
    if done % EACH == 0:
        print(f"{done:,} baskets, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _table(found: dict[str, Any], language: str) -> str:
    """The sums to read."""
    say, currency = _HEADS[language], found["currency"]
    rows = [
        (say["baskets"], f"{found['baskets']:,}"),
        (say["lines"], f"{found['lines']:,}"),
        (say["reduced"], f"{found['reduced']:,}"),
        *[(say[name], amount_text(found[name], currency)) for name in ("list", "discount", "payable")],
        *[(f"  {o['offer']}", f"{amount_text(o['amount'], currency)} ({o['baskets']:,})") for o in found["offers"]],
        (say["rate"], f"{found['baskets_per_second']:,}"),
    ]
    if found["refused"]:
        rows.insert(1, (say["refused"], f"{found['refused']:,}"))
    return "\n".join(f"{name:32}{value:>24}" for name, value in rows)


_HEADS = {
    "en": {
        "baskets": "baskets", "refused": "refused", "lines": "lines", "reduced": "reduced baskets", "list": "list",
        "discount": "discount", "payable": "to pay", "rate": "baskets a second",
    },
    "zh": {
        "baskets": "购物篮", "refused": "无法计价", "lines": "行数", "reduced": "有优惠的购物篮", "list": "原价",
        "discount": "优惠", "payable": "应付", "rate": "每秒购物篮数",
    },
}  # fmt: skip
