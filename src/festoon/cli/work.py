"""festoon work: jobs, holds that end and the event export, in a process of their own."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon work` takes."""
    parser = subparsers.add_parser("work", help="do the jobs, beside processes that serve with --no-work")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Work until told to stop; the chunk in hand is finished first."""
    del given
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    with started():
        print("Festoon works. Ctrl-C ends it.", flush=True)
        told.wait()
    return 0


@contextmanager
def started(chosen: list[Any] | None = None) -> Iterator[None]:
    """The workers (`chosen` instead of all of this installation's) run as long as the block; then the store ends."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from festoon.ledger.store import writer

    workers = import_string(settings.FESTOON_WORKERS)() if chosen is None else chosen
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.end()
        writer.close()
