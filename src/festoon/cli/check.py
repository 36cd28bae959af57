"""festoon check: every problem of an offers file, each with its line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from festoon.base.problems import Problem
from festoon.cli.papers import read
from festoon.engine.book import Book
from festoon.rulebook.book import BookErrors, read_book


def add(subparsers: Any) -> None:
    """Say what `festoon check` takes."""
    parser = subparsers.add_parser("check", help="every problem of an offers file, each with its line")
    parser.add_argument("offers", help="the offers file (YAML or JSON)")
    parser.add_argument("--words", choices=("en", "zh"), default="en", help="language of the messages")


def run(given: argparse.Namespace) -> int:
    """0 when the file is in order; 1 with a line a problem otherwise."""
    book = book_of(given.offers, given.words)
    if book is None:
        return 1
    what = {"en": "offers in order, book", "zh": "个优惠，无误，版本"}[given.words]
    print(f"{given.offers}: {len(book.offers)} {what} {book.version}")
    return 0


def book_of(file: str, language: str = "en") -> Book | None:
    """The book of an offers file; None after its problems were printed."""
    located, problems = read(file, language), list[Problem]()
    if located is None:
        return None
    try:
        book = read_book(located.data)
        if not located.faults:
            return book
    except BookErrors as fault:
        problems = fault.problems
    print("\n".join(located.told(problems, language)), file=sys.stderr)
    return None
