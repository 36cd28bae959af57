"""festoon demo: a marketing center at work on this machine, then a year of grocery trade in it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

YEAR = "year"
WITHOUT_YEAR = (
    "The year of grocery trade is left out: its data is not installed (pip install 'festoon[demo]'). All else is here."
)


def add(subparsers: Any) -> None:
    """Say what `festoon demo` takes."""
    parser = subparsers.add_parser("demo", help="the made-up cast, the town and a year of grocery trade, served here")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000, else the next free)")
    parser.add_argument("--no-town", action="store_true", help="without the made-up shoppers")
    parser.add_argument("--no-year", action="store_true", help="without the year of grocery trade")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Serve until told to stop. SERVE=0 ends after the year's report; FRESH=1 throws away what was there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.demo import place

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    try:
        with place.alone():
            return _stage(given)
    except place.NotOurs as refused:
        print(f"festoon demo: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  The demonstration ends; everything is kept. Run it again and it goes on.", flush=True)
        return 0


def _stage(given: argparse.Namespace) -> int:
    from festoon.demo import children, place
    from festoon.demo.cast.load import load
    from festoon.demo.greeting import greeting

    started = time.monotonic()
    place.prepare(fresh=os.environ.get("FRESH") == "1")
    password = place.password()
    if load(now=datetime.now(UTC), password=password, say=lambda what: print(f"  The cast: {what}", flush=True)):
        print(f"  The cast is on stage after {time.monotonic() - started:.0f} s", flush=True)
    port = children.free_port(given.port)
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        server = stack.enter_context(_ended(children.serve(port, place.folder() / "server.log")))
        print(greeting(url, password), flush=True)
        if not given.no_town:
            _wake_town()
            stack.enter_context(_ended(children.Child("town", "--url", url, log=place.folder() / "town.log")))
        told = None if given.no_year else _year()
        return _watch(server, told, serve=os.environ.get("SERVE") != "0")


@contextmanager
def _ended(child: Any) -> Iterator[Any]:
    try:
        yield child
    finally:
        child.end()


def _wake_town() -> None:
    """Each demonstration is a new life, so that each has its flash sale."""
    from festoon.demo.cast.load import STAGE
    from festoon.demo.town import switch

    now = datetime.now(UTC)
    switch.stop(by=STAGE, now=now)
    switch.start(by=STAGE, now=now)


def _year() -> int | None:
    """The number of the year's job, waiting, running or done before; None where its data is not installed."""
    from festoon.demo.cast.load import STAGE
    from festoon.demo.year import source
    from festoon.records import jobs, queries
    from festoon.records.refusal import Invalid

    try:
        source.folder_of({})
    except Invalid:
        print(f"  {WITHOUT_YEAR}", flush=True)
        return None
    there = queries.jobs(STAGE).filter(kind=YEAR, state__in=("waiting", "running", "finished")).first()
    return (there or jobs.enqueue(YEAR, {}, by=STAGE, now=datetime.now(UTC))).pk


def _watch(server: Any, year: int | None, *, serve: bool) -> int:
    """Tell how the year goes; afterwards go on serving, or end."""
    from festoon.demo.progress import Progress

    progress, told, code = Progress(), threading.Event(), 0
    while not server.ended:
        if year is not None:
            code, over = _look(year, progress)
            year = None if over else year
        if year is None and not serve:
            return code
        told.wait(1.0)
    print(f"festoon demo: the server ended; see {server.log}", file=sys.stderr)
    return 1


def _look(year: int, progress: Any) -> tuple[int, bool]:
    """One look at the job: the exit code so far, and whether it is over."""
    from festoon.demo.cast.load import STAGE
    from festoon.demo.year.table import table
    from festoon.records import queries

    job, now = queries.job(STAGE, year), datetime.now(UTC)
    if job is None or job.state == "cancelled":
        progress.end("The year was called off.")
        return 1, True
    if job.state == "failed":
        progress.end(f"The year could not be imported: {job.error}")
        return 1, True
    if job.state != "finished" or job.started_at is None or job.finished_at is None:
        progress.tell(job, now)
        return 0, False
    seconds = (job.finished_at - job.started_at).total_seconds()
    progress.end(f"The year is in, after {seconds:.0f} s. {job.note}")
    print(table(), flush=True)
    return 0, True
