"""What goes on without a request: jobs, holds that end, events that leave for the lake. Threads beside the server."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import close_old_connections, connections, transaction

from festoon.checkout import auditing
from festoon.checkout.holds import expire_due
from festoon.config import letters
from festoon.config.jobs import Handlers
from festoon.coupons.guessing import forget
from festoon.offers import burning
from festoon.records import queries
from festoon.records.audit import bind
from festoon.records.jobs import run_next
from festoon.records.viewer import SYSTEM
from festoon.review.deadlines import remind
from festoon.webhooks.couriers import Couriers, tidy

log = logging.getLogger("festoon.workers")


class Worker(threading.Thread):
    """Calls `work(now)` again and again: at once while it answers True, else after `rest` seconds.

    Whatever it raises is logged and tried again after ten rests; a worker ends only when it is told to.
    """

    def __init__(self, name: str, work: Callable[[datetime], bool], *, rest: float) -> None:
        super().__init__(name=name, daemon=True)
        self.work = work
        self.rest = rest
        self.ended = threading.Event()

    def run(self) -> None:
        """Until `end` is called."""
        while not self.ended.is_set():
            close_old_connections()
            try:
                pause = 0.0 if self.work(datetime.now(UTC)) else self.rest
            except Exception:
                log.exception("%s failed; it is tried again", self.name)
                pause = self.rest * 10
            self.ended.wait(pause)
        connections.close_all()

    def end(self, patience: float = 10.0) -> None:
        """Let it finish what it has in hand, and wait for that as long as `patience` says."""
        self.ended.set()
        self.join(patience)


def workers() -> list[Worker]:
    """The workers of one process, not yet started."""
    known, name = Handlers(), own_name()
    couriers = Couriers(name, lambda: datetime.now(UTC))
    return [
        Worker("jobs", lambda now: run_next(known, worker=name, now=now), rest=0.5),
        Worker("holds that end", _sweep, rest=1.0),
        Worker("events to the lake", _export, rest=20.0),
        Worker("audit heads", _bind, rest=60.0),
        Worker("webhooks", lambda _: couriers.go(), rest=0.5),
        Worker("burn rates", lambda now: bool(burning.check(now)), rest=15.0),
        Worker("the daily audit", _audit, rest=600.0),
        Worker("what nobody asks for any more", _tidy, rest=600.0),
        Worker("reviews that are due", _remind, rest=60.0),
        *(_postmen() if settings.FESTOON_MAIL.on else ()),
    ]


def own_name() -> str:
    """Of one process and no other: containers on one network may all be process 1 of one host."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"


def _postmen() -> Sequence[Worker]:
    """Two, so that a mail server that is slow keeps nobody from writing."""
    return Worker("letters to write", letters.write, rest=60.0), Worker("letters to send", letters.send, rest=20.0)


def _tidy(now: datetime) -> bool:
    from festoon.analytics.lake import folder, merge, thin  # heavy, as above

    merge.merge(folder.lake(), now)
    thin.ask(by=SYSTEM, now=now)
    forget(now)
    tidy(lambda: now)
    return False


def _sweep(now: datetime) -> bool:
    return expire_due(now) > 0


def _export(_now: datetime) -> bool:
    from festoon.analytics.lake import export, folder  # heavy, and a process that never exports need not know it

    return export.export(folder.lake()) >= export.EVENTS  # less can wait: each time makes a file a day


def _audit(now: datetime) -> bool:
    """Every invariant is checked once a day, whoever asks for it besides."""
    auditing.daily(now)
    return False


def _remind(now: datetime) -> bool:
    return remind(by=SYSTEM, now=now) > 0


def _bind(now: datetime) -> bool:
    """Once a day the heads of all chains are bound, so that no chain can be cut short unseen."""
    last = queries.bindings(SYSTEM).last()
    if last is None or last.at.date() < now.date():
        with transaction.atomic():
            bind(by=SYSTEM, at=now)
    return False
