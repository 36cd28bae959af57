"""festoon migrate: bring the tables of the database up to date."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon migrate` takes."""
    parser = subparsers.add_parser("migrate", help="bring the tables of the database up to date")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Apply the steps the database has not had; nothing to do is fine."""
    del given
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    steps = behind()
    call_command("migrate", verbosity=0, interactive=False)
    settle()
    print(f"The tables are up to date ({steps} {'step' if steps == 1 else 'steps'} applied).")
    return 0


def settle() -> None:
    """Where there are people and nobody said who agrees on a kind, the house's flow does; say which."""
    from festoon.records.viewer import SYSTEM
    from festoon.review import house

    if kinds := house.settle(by=SYSTEM, now=datetime.now(UTC)):
        print(
            f"A colleague has to agree from now on, until somebody says otherwise: {', '.join(kinds)}.", file=sys.stderr
        )


def behind() -> int:
    """How many steps the database has not had. Django must be set up before."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
