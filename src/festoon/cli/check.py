"""festoon check: every problem of an offers file and every slip, each with its line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from festoon.cli.papers import read
from festoon.engine.book import Book
from festoon.rulebook.book import BookErrors, read_book
from festoon.rulebook.doubts import doubts


def add(subparsers: Any) -> None:
    """Say what `festoon check` takes."""
    parser = subparsers.add_parser("check", help="every problem of an offers file, each with its line")
    parser.add_argument("offers", help="the offers file (YAML or JSON)")
    parser.add_argument("--words", choices=("en", "zh"), default="en", help="language of the messages")


def run(given: argparse.Namespace) -> int:
    """0 when the file is in order; 1 with a line a problem otherwise."""
    book = book_of(given.offers, given.words, doubting=True)
    if book is None:
        return 1
    what = {"en": "offers in order, book", "zh": "个优惠，无误，版本"}[given.words]
    print(f"{given.offers}: {len(book.offers)} {what} {book.version}")
    return 0


def book_of(file: str, language: str = "en", *, doubting: bool = False) -> Book | None:
    """The book of an offers file; None after its problems were printed, with `doubting` its slips as well."""
    located = read(file, language)
    if located is None:
        return None
    book, problems = None, doubts(located.data) if doubting else []
    try:
        book = read_book(located.data)
    except BookErrors as fault:
        problems = [*fault.problems, *problems]
    if book is not None and not problems and not located.faults:
        return book
    print("\n".join(located.told(problems, language)), file=sys.stderr)
    return None
