"""festoon codes: make, take and list the codes of a coupon's pool."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

ROWS = 5_000


def add(subparsers: Any) -> None:
    """Say what `festoon codes` takes."""
    parser = subparsers.add_parser("codes", help="make, take and list the codes of a coupon's pool")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("make", help="order new codes; a job makes them")
    make.add_argument("offer", help="code of the released coupon")
    make.add_argument("count", type=int)
    take = verbs.add_parser("take", help="take a partner's codes from a file, one a line")
    take.add_argument("offer")
    take.add_argument("file", type=Path)
    lists = verbs.add_parser("list", help="print the codes nobody has taken yet, one a line")
    lists.add_argument("offer")
    for verb in (make, take, lists):
        verb.add_argument("--batch", required=True, help="what these codes are called, such as flyer-1")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do the verb; 1 and a sentence on standard error when it is refused, or when a row was."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.records.refusal import Refusal

    try:
        return {"make": _make, "take": _take, "list": _list}[given.verb](given)
    except Refusal as refusal:
        print(f"festoon codes: {refusal.field}: {refusal.words.en} {refusal.words.zh}", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"festoon codes: {error}", file=sys.stderr)
        return 1


def _make(given: argparse.Namespace) -> int:
    from festoon.coupons.pools import make_codes
    from festoon.records.viewer import SYSTEM

    key = f"codes:{given.offer}:{given.batch}"
    job = make_codes(given.offer, given.count, batch=given.batch, by=SYSTEM, now=datetime.now(UTC), key=key)
    print(f"job {job.pk} makes {given.count:,} codes; festoon work, or a server, does it")
    return 0


def _take(given: argparse.Namespace) -> int:
    """The file in pieces, each with a key made of the file and its place: the same file again changes nothing."""
    from festoon.coupons.pools import take_codes
    from festoon.records.viewer import SYSTEM

    mark = hashlib.sha256(given.file.read_bytes()).hexdigest()[:32]
    taken, refused = 0, 0
    for first, rows in _pieces(given.file):
        key = f"codes:{given.offer}:{given.batch}:{mark}:{first}"
        batch = take_codes(given.offer, rows, batch=given.batch, by=SYSTEM, now=datetime.now(UTC), key=key)
        taken, refused = taken + batch.taken, refused + len(batch.refused)
        for row in batch.refused:
            print(f"line {first + row.index + 1}: {row.code}: {row.words.en} {row.words.zh}", file=sys.stderr)
    print(f"{taken:,} taken, {refused:,} refused")
    return 1 if refused else 0


def _pieces(file: Path) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding="utf-8-sig") as lines:
        first = 0
        while rows := [line.strip() for line in islice(lines, ROWS)]:
            yield first, rows
            first += len(rows)


def _list(given: argparse.Namespace) -> int:
    from festoon.coupons import queries
    from festoon.records.viewer import SYSTEM

    rows = queries.pool(SYSTEM).filter(template__offer__code=given.offer, batch=given.batch, coupon=None)
    for code in rows.values_list("code", flat=True).iterator(chunk_size=5_000):
        print(code)
    return 0
