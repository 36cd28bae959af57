"""Many endpoints at the same time: each is served in a thread of its own, so none waits for a slow or dead one.

Threads are few, so nobody has them for long: whoever takes long with a delivery is served by others from then on, until it
is quick again; no merchant has more than a quarter of them; and whoever waits longest is next.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q

from festoon.records.pace import Pace
from festoon.records.viewer import SYSTEM
from festoon.webhooks import queries
from festoon.webhooks.delivering import AT_A_TIME, Clock, serve
from festoon.webhooks.fan_out import hand_on
from festoon.webhooks.models import Endpoint

log = logging.getLogger("festoon.webhooks")
AT_ONCE, OF_ONE = 16, 4
"""Couriers on their way at once, and those of one merchant; as many again are there for who takes long."""
LONG = 1.0
"""Seconds for one delivery from which on it takes long."""
SENT_KEPT, DEAD_KEPT = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Courier:
    merchant: int
    long: bool
    way: Future[None]


class Couriers:
    """Hands events on and has them delivered; asked again and again by a worker, `clock` tells the moment."""

    def __init__(self, worker: str, clock: Clock) -> None:
        self._worker = worker
        self._clock = clock
        self._threads = {
            long: ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"festoon-webhooks-{'long' if long else 'short'}")
            for long in (False, True)
        }
        self._busy: dict[int, _Courier] = {}
        self._long: set[int] = set()
        self._last: dict[int, float] = {}

    def go(self) -> bool:
        """Hand on what is new, and send out couriers to whom something is due; whether there was anything."""
        now = self._clock()
        more = hand_on(now)
        self._busy = {number: courier for number, courier in self._busy.items() if not courier.way.done()}
        ready = [each for each in queries.ready(SYSTEM, now) if each.pk not in self._busy]
        for endpoint in sorted(ready, key=lambda each: self._last.get(each.pk, 0.0)):
            long = endpoint.pk in self._long
            if self._room(endpoint.merchant_id, long=long):
                self._last[endpoint.pk] = time.monotonic()
                way = self._threads[long].submit(self._serve, endpoint)
                self._busy[endpoint.pk] = _Courier(endpoint.merchant_id, long, way)
        return more

    def end(self) -> None:
        """Let those on their way come home."""
        for threads in self._threads.values():
            threads.shutdown(wait=True)

    def _room(self, merchant: int, *, long: bool) -> bool:
        out = [courier.merchant for courier in self._busy.values() if courier.long == long]
        return len(out) < AT_ONCE and out.count(merchant) < OF_ONE

    def _serve(self, endpoint: Endpoint) -> None:
        began, taken = time.monotonic(), 0
        try:
            while (count := serve(endpoint, worker=self._worker, clock=self._clock)) > 0:
                taken += count
                if time.monotonic() - began > AT_A_TIME:
                    break
                endpoint.refresh_from_db()
        except Exception:
            log.exception("webhook %s", endpoint.name)
        finally:
            connection.close()
            slow = time.monotonic() - began > LONG * max(1, taken)
            (self._long.add if slow else self._long.discard)(endpoint.pk)


def tidy(clock: Clock, pace: Pace | None = None) -> int:
    """Remove deliveries nobody asks for any more: sent a week ago, dead for a month; how many. In parts, a turn each."""
    now, pace = clock(), pace or Pace.here()
    sent, dead = Q(state="sent", ended_at__lt=now - SENT_KEPT), Q(state="dead", ended_at__lt=now - DEAD_KEPT)
    ended, count = queries.deliveries(SYSTEM).order_by(), 0
    for of in (sent, dead):
        while part := list(ended.filter(of).values_list("id", flat=True)[: pace.size]):
            with pace.turn():
                with transaction.atomic():
                    began = time.monotonic()
                    count += ended.filter(of, pk__in=part).delete()[0]
                took = time.monotonic() - began
            pace.took(took)
    return count
