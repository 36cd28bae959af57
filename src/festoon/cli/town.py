"""festoon town: three hundred made-up shoppers beside a demonstration that is being served on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from datetime import UTC, datetime
from typing import Any

REST = 0.5


def add(subparsers: Any) -> None:
    """Say what `festoon town` takes."""
    parser = subparsers.add_parser("town", help="made-up shoppers for a demonstration served on this machine")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where it is served (this machine only)")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Live whenever the switch is on; end when told to, or with the process that started it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.demo.town.life import Life
    from festoon.demo.town.switch import KIND
    from festoon.records.jobs import run_next

    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    parent, life = os.getppid(), {KIND: Life(given.url)}
    while not told.is_set() and os.getppid() == parent:
        if not run_next(life, worker=f"town {given.url}", now=datetime.now(UTC)):
            told.wait(REST)
    return 0
