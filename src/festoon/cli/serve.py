"""festoon serve: every door of one installation in one process on one port."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Any


def add(subparsers: Any) -> None:
    """Say what `festoon serve` takes."""
    parser = subparsers.add_parser("serve", help="serve the doors: /v1, the console, the shop's pages")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000; 0 takes a free one)")
    parser.add_argument("--doors", default="", help="comma separated: api, console, shop (default: all)")
    parser.add_argument("--no-work", action="store_true", help="leave jobs to a process of `festoon work`")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Serve until told to stop (Ctrl-C or a termination signal); what is under way is finished first."""
    if given.doors:
        os.environ["FESTOON_DOORS"] = given.doors
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django
    import uvicorn

    try:
        django.setup()
    except ValueError as error:
        print(f"festoon serve: {error}", file=sys.stderr)
        return 2
    from django.conf import settings
    from django.utils.module_loading import import_string

    from festoon.cli.work import started

    if not _tables_ready():
        return 2
    config = uvicorn.Config(
        settings.FESTOON_SERVER,
        factory=True,
        host=given.host,
        port=given.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=10,
    )
    server, socket = uvicorn.Server(config), config.bind_socket()
    socket.listen(config.backlog)  # who connects from now on waits until the doors are open
    port = socket.getsockname()[1]

    def end(*_: object) -> None:
        server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM):  # uvicorn hands the signal on when it is done; the workers end after
        signal.signal(name, end)
    working = [] if given.no_work else import_string(settings.FESTOON_WORKERS)()
    if "console" in settings.FESTOON_DOORS:
        working += [import_string(settings.FESTOON_WARMING)()]
    with started(working):
        print(f"Festoon serves http://{given.host}:{port}/ ({', '.join(settings.FESTOON_DOORS)})", flush=True)
        server.run(sockets=[socket])
    return 0 if server.started else 1


def _tables_ready() -> bool:
    """The embedded database is brought up to date here; one that others share is changed only when asked.

    At every start: where nobody said who agrees on a kind, the house's flow does.
    """
    from django.core.management import call_command
    from django.db import connection

    from festoon.cli.migrate import behind, settle

    steps = behind()
    if steps and connection.vendor != "sqlite":
        print(f"festoon serve: the database is {steps} steps behind; run: festoon migrate", file=sys.stderr)
        return False
    if steps:
        call_command("migrate", verbosity=0, interactive=False)
    settle()
    connection.close()
    return True
