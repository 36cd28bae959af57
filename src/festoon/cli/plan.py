"""festoon plan: what applying a campaign paper would change, field by field, and what would be refused; writes nothing."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from festoon.cli.papers import as_person, refused, told, written


def add(subparsers: Any) -> None:
    """Say what `festoon plan` takes."""
    parser = subparsers.add_parser("plan", help="what applying a campaign paper would change")
    parser.add_argument("paper", help="the YAML file")
    as_person(parser)


def run(given: argparse.Namespace) -> int:
    """Print the difference a reviewer reads; 1 when something in it would be refused."""
    found = written(given.paper)
    if found is None:
        return 1

    def act(viewer: Any) -> int:
        from festoon.composition.difference import changes
        from festoon.composition.text import line

        there = changes(viewer, found.data, now=datetime.now(UTC))
        print("\n".join(line(change) for change in there) or "nothing would change")
        return refused(found, viewer) if there and viewer.may("campaigns.edit") else 0

    return told("plan", given.by, act, found)
