"""festoon price: price carts under an offers file, without a database."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from festoon.base.words import Words
from festoon.cli.check import book_of
from festoon.cli.table import table
from festoon.engine.book import Book
from festoon.engine.price import STEPS, CurrencyError, price
from festoon.engine.quote import Quote
from festoon.rulebook.facts import FactsError, read_facts


def add(subparsers: Any) -> None:
    """Say what `festoon price` takes."""
    parser = subparsers.add_parser("price", help="price carts under an offers file, without a database")
    parser.add_argument("--offers", required=True, help="the offers file (YAML or JSON)")
    parser.add_argument("cart", nargs="?", help="the cart (JSON); - or nothing reads it from the input")
    parser.add_argument("--batch", metavar="CARTS", help="a file with a cart a line; writes a quote a line")
    parser.add_argument("--words", choices=("en", "zh"), help="a table to read instead of JSON")
    parser.add_argument("--explain", choices=("none", "verdicts", "full"), default="verdicts", help="how much is said")
    parser.add_argument("--better", action="store_true", help="name coupons of the wallet that would save more")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"branches the choice may look at (default {STEPS})")


def run(given: argparse.Namespace) -> int:
    """0 when every cart was priced; 1 for a bad offers file, 2 for a bad cart."""
    book = book_of(given.offers, given.words or "en")
    if book is None:
        return 1
    worst = 0
    try:
        for text in _carts(given):
            answer = answer_to(book, text, given.explain, given.steps, better=given.better)
            if isinstance(answer, dict):
                worst = 2
                print(json.dumps(answer, ensure_ascii=False), file=sys.stderr if given.words else sys.stdout)
            elif given.words:
                print(table(answer, given.words))
            else:
                indent = None if given.batch else 2
                print(json.dumps(answer.to_data(words=given.explain == "full"), ensure_ascii=False, indent=indent))
    except (OSError, UnicodeDecodeError) as fault:
        print(f"festoon price: {fault}", file=sys.stderr)
        return 2
    return worst


def _carts(given: argparse.Namespace) -> Iterator[str]:
    if given.batch:
        with Path(given.batch).open(encoding="utf-8-sig") as lines:
            yield from (line for line in lines if line.strip())
    elif given.cart in (None, "-"):
        yield sys.stdin.read().removeprefix("\ufeff")
    else:
        yield Path(given.cart).read_text(encoding="utf-8-sig")


def answer_to(
    book: Book, text: str, explain: str = "verdicts", steps: int = STEPS, *, better: bool = False
) -> Quote | dict[str, object]:
    """The quote of a cart written as JSON; or the documented error."""
    try:
        return price(book, read_facts(_json(text)), explain=explain, steps=steps, better=better)
    except FactsError as fault:
        return fault.to_data()
    except CurrencyError as fault:
        return FactsError(
            ("currency",), "currency", Words(str(fault), f"与优惠文件的货币 {book.currency} 不同")
        ).to_data()


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _json(text: str) -> Any:
    """JSON as it was written: a name that stands twice is refused, a number no integer can hold, and half a sign."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        if _HALF.search(text):
            json.dumps(found, ensure_ascii=False).encode()
    except FactsError:
        raise
    except UnicodeEncodeError as fault:
        raise _refused("holds half a sign, which no text has", "含有不完整的字符") from fault
    except (ValueError, RecursionError) as fault:
        raise _refused(f"is not JSON: {fault}", f"不是 JSON：{fault}") from fault
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = times.most_common(1)[0][0]
        raise _refused(f"is not one thing: {twice!r} stands twice", f"{twice!r} 重复出现")
    return found


def _no_constant(name: str) -> Any:
    raise _refused(f"is not JSON: {name} is not a number", f"不是 JSON：{name} 不是数")


def _refused(en: str, zh: str) -> FactsError:
    return FactsError((), "json", Words(en, zh))
