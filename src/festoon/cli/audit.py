"""festoon audit: every invariant of a live database, one after the other; fails when one is broken."""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import UTC, datetime
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon audit` takes."""
    parser = subparsers.add_parser("audit", help="check every invariant of the database; 1 when one is broken")
    parser.add_argument("--only", default="", help="comma separated codes of invariants, such as stock,fold")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check, print, and answer 0 when everything holds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.checkout.invariants import every, look

    wanted = {code for code in given.only.split(",") if code}
    unknown = wanted - {invariant.code for invariant in every()}
    if unknown:
        print(f"festoon audit: there is no invariant {', '.join(sorted(unknown))}")
        return 2
    told = []
    for invariant in every():
        if wanted and invariant.code not in wanted:
            continue
        began = time.perf_counter()
        found = look(invariant, datetime.now(UTC))
        told.append(
            {
                "invariant": invariant.code,
                **invariant.words.to_data(),
                "cases": found.cases,
                "milliseconds": round(1000 * (time.perf_counter() - began)),
                "problems": list(found.problems),
            }
        )
        if not given.json:
            _print(told[-1])
    broken = sum(1 for each in told if each["problems"])
    print(json.dumps({"invariants": told, "broken": broken}, ensure_ascii=False) if given.json else _sum(told, broken))
    return 1 if broken else 0


def _print(told: dict[str, Any]) -> None:
    mark = "broken" if told["problems"] else "holds "
    print(f"{mark}  {told['en']} · {told['zh']}  ({told['cases']} cases, {told['milliseconds']} ms)")
    for problem in told["problems"]:
        print(f"        {problem}")


def _sum(told: list[dict[str, Any]], broken: int) -> str:
    cases = sum(each["cases"] for each in told)
    return f"{len(told)} invariants, {cases} cases, {broken} broken"
