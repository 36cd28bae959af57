"""festoon plan: what applying a campaign paper would change, field by field; writes nothing."""

from __future__ import annotations

import argparse
from typing import Any

from festoon.cli.papers import as_person, told, written


def add(subparsers: Any) -> None:
    """Say what `festoon plan` takes."""
    parser = subparsers.add_parser("plan", help="what applying a campaign paper would change")
    parser.add_argument("paper", help="the YAML file")
    as_person(parser)


def run(given: argparse.Namespace) -> int:
    """Print the difference a reviewer reads."""
    paper = written(given.paper)
    if paper is None:
        return 1

    def act(viewer: Any) -> int:
        from festoon.composition.difference import changes
        from festoon.composition.text import line

        found = changes(viewer, paper)
        print("\n".join(line(change) for change in found) or "nothing would change")
        return 0

    return told("plan", given.by, act)
