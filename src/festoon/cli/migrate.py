"""festoon migrate: bring the tables of the database up to date."""

from __future__ import annotations

import argparse
import os
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
    print(f"The tables are up to date ({steps} {'step' if steps == 1 else 'steps'} applied).")
    return 0


def behind() -> int:
    """How many steps the database has not had. Django must be set up before."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
