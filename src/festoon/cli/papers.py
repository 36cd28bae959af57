"""What the commands on campaign papers share: who asks, and how a refusal is told. Not a command itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from festoon.records.located import Located, Unreadable, read_located


def as_person(parser: argparse.ArgumentParser) -> None:
    """The option that says in whose name."""
    parser.add_argument("--by", required=True, help="the colleague in whose name: the code one signs in with")


def told(command: str, by: str, act: Callable[[Any], int], paper: Located | None = None) -> int:
    """What `act(viewer)` answers; 1 and a sentence on standard error, with its line of `paper`, when it is refused."""
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
        where = f"{paper.name}:{paper.line_at(refusal.field)}" if paper else f"festoon {command}"
        print(f"{where}: {refusal.field}: {refusal.words.en} {refusal.words.zh}", file=sys.stderr)
        return 1


def refused(paper: Located, viewer: Any) -> int:
    """1 when applying the paper would be refused, after every reason was printed with its line; else 0."""
    from festoon.composition.applying import faults

    found = faults(paper.data, by=viewer, now=datetime.now(UTC))
    for each in sorted(found, key=lambda fault: paper.line_at(fault.field)):
        where = f"{paper.name}:{paper.line_at(each.field)}: {each.field}"
        print(f"{where}: {each.words.en} {each.words.zh}", file=sys.stderr)
    return 1 if found else 0


def written(file: str) -> Located | None:
    """A paper as it is written; None after its faults were printed."""
    found = read(file)
    if found is None:
        return None
    if found.faults or not isinstance(found.data, dict):
        print("\n".join(found.told()) or f"{file}: this is no campaign paper", file=sys.stderr)
        return None
    return found


def read(file: str, language: str = "en") -> Located | None:
    """A file with its lines; None after it was printed that nothing can be made of it."""
    try:
        return read_located(file)
    except Unreadable as fault:
        print(fault.at(file, language), file=sys.stderr)
    except OSError as fault:
        print(f"{file}: {fault.strerror}", file=sys.stderr)
    return None
