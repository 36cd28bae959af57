"""festoon apply: make a campaign paper true, through the same verbs and the same review as by hand."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from festoon.cli.papers import as_person, refused, told, written


def add(subparsers: Any) -> None:
    """Say what `festoon apply` takes."""
    parser = subparsers.add_parser("apply", help="make a campaign paper true, through review")
    parser.add_argument("paper", help="the YAML file")
    parser.add_argument("--submit", action="store_true", help="give what is a draft then to those who must agree")
    as_person(parser)


def run(given: argparse.Namespace) -> int:
    """Write drafts, print what changed, and submit when asked to."""
    found = written(given.paper)
    if found is None:
        return 1

    def act(viewer: Any) -> int:
        from festoon.campaigns import queries
        from festoon.composition import actions
        from festoon.composition.text import line

        if refused(found, viewer):
            return 1
        made = actions.apply(found.data, by=viewer, now=datetime.now(UTC))
        print("\n".join(line(change) for change in made) or "nothing changed")
        if given.submit and made:
            campaign = queries.campaign(viewer, found.data["campaign"]["code"])
            states = actions.submit(campaign, by=viewer, now=datetime.now(UTC))
            print("\n".join(f"{code}: {state}" for code, state in sorted(states.items())))
        return 0

    return told("apply", given.by, act, found)
