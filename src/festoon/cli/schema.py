"""festoon schema: JSON Schema (2020-12) of the offers file, the cart and the quote."""

from __future__ import annotations

import argparse
import json
from typing import Any

from festoon.rulebook.schema import SCHEMAS


def add(subparsers: Any) -> None:
    """Say what `festoon schema` takes."""
    parser = subparsers.add_parser("schema", help="JSON Schema of the offers file, the cart or the quote")
    parser.add_argument("of", nargs="?", choices=sorted(SCHEMAS), default="offers", help="which (default: offers)")


def run(given: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(SCHEMAS[given.of](), ensure_ascii=False, indent=2))
    return 0
