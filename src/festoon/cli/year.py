"""festoon year: the report of the year of grocery trade, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon year` takes."""
    parser = subparsers.add_parser("year", help="the report of the year of grocery trade")
    parser.add_argument("--json", action="store_true", help="as it lies in var/demo/report.json")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Show the last report; 1 where there is none yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.analytics.queries import report
    from festoon.demo.year.table import table
    from festoon.records.viewer import SYSTEM

    found = report(SYSTEM)
    if found is None:
        print("There is no report of the year yet: `make demo` imports it.", file=sys.stderr)
        return 1
    print(json.dumps(found, ensure_ascii=False, indent=1) if given.json else table())
    return 0
