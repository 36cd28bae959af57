"""Many endpoints at the same time: each is served in a thread of its own, so none waits for a slow or dead one."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction

from festoon.records.viewer import SYSTEM
from festoon.webhooks import queries
from festoon.webhooks.delivering import Clock, serve
from festoon.webhooks.fan_out import hand_on
from festoon.webhooks.models import Endpoint

log = logging.getLogger("festoon.webhooks")
AT_ONCE = 16
SENT_KEPT, DEAD_KEPT = timedelta(days=7), timedelta(days=30)


class Couriers:
    """Hands events on and has them delivered; asked again and again by a worker, `clock` tells the moment."""

    def __init__(self, worker: str, clock: Clock) -> None:
        self._worker = worker
        self._clock = clock
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="festoon-webhooks")
        self._busy: dict[int, Future[None]] = {}

    def go(self) -> bool:
        """Hand on what is new, and send out couriers to whom something is due; whether there was anything."""
        now = self._clock()
        more = hand_on(now)
        self._busy = {number: courier for number, courier in self._busy.items() if not courier.done()}
        ready = [each for each in queries.ready(SYSTEM, now) if each.pk not in self._busy]
        for endpoint in ready:
            self._busy[endpoint.pk] = self._threads.submit(self._serve, endpoint)
        return more

    def end(self) -> None:
        """Let those on their way come home."""
        self._threads.shutdown(wait=True)

    def _serve(self, endpoint: Endpoint) -> None:
        try:
            while serve(endpoint, worker=self._worker, clock=self._clock) > 0:
                endpoint.refresh_from_db()
        except Exception:
            log.exception("webhook %s", endpoint.name)
        finally:
            connection.close()


def tidy(clock: Clock) -> int:
    """Remove deliveries nobody asks for any more: sent a week ago, dead for a month; how many."""
    now, ended = clock(), queries.deliveries(SYSTEM).order_by()
    with transaction.atomic():
        sent, _ = ended.filter(state="sent", ended_at__lt=now - SENT_KEPT).delete()
        dead, _ = ended.filter(state="dead", ended_at__lt=now - DEAD_KEPT).delete()
    return sent + dead
