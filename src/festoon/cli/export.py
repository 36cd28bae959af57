"""festoon export: a campaign with everything in it as text, to keep, to compare and to apply."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from festoon.cli.papers import as_person, told


def add(subparsers: Any) -> None:
    """Say what `festoon export` takes."""
    parser = subparsers.add_parser("export", help="a campaign with everything in it as text")
    parser.add_argument("campaign", help="its code")
    as_person(parser)


def run(given: argparse.Namespace) -> int:
    """Print the campaign as YAML."""

    def act(viewer: Any) -> int:
        from festoon.campaigns import queries
        from festoon.composition.text import text

        sys.stdout.write(text(viewer, queries.campaign(viewer, given.campaign)))
        return 0

    return told("export", given.by, act)
