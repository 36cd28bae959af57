"""What the commands on campaign papers share: who asks, and how a refusal is told. Not a command itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

from festoon.cli.located import Located, Unreadable, read_located


def as_person(parser: argparse.ArgumentParser) -> None:
    """The option that says in whose name."""
    parser.add_argument("--by", required=True, help="the colleague in whose name: the code one signs in with")


def told(command: str, by: str, act: Callable[[Any], int]) -> int:
    """What `act(viewer)` answers; 1 and a sentence on standard error when it is refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.catalog.people import acting
    from festoon.records.refusal import Refusal
    from festoon.records.viewer import SYSTEM

    people = acting(SYSTEM, [by])
    if not people:
        print(f"festoon {command}: nobody signs in as {by!r}", file=sys.stderr)
        return 2
    try:
        return act(people[0])
    except Refusal as refusal:
        print(f"festoon {command}: {refusal.field}: {refusal.words.en} {refusal.words.zh}", file=sys.stderr)
        return 1


def written(file: str) -> dict[str, Any] | None:
    """A paper as it is written; None after its fault was printed."""
    try:
        found: Located = read_located(file)
    except Unreadable as fault:
        print(f"{file}:{fault.line}: {fault}", file=sys.stderr)
    except (OSError, UnicodeDecodeError) as fault:
        print(f"{file}: {fault}", file=sys.stderr)
    else:
        if isinstance(found.data, dict):
            return found.data
        print(f"{file}: this is no campaign paper", file=sys.stderr)
    return None
