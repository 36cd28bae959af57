"""What one endpoint has coming is sent to it, in order, as long as it takes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from festoon.records.audit import record
from festoon.records.tables import change
from festoon.records.viewer import SYSTEM
from festoon.webhooks import post, queries, schedule, signing
from festoon.webhooks.models import Delivery, Endpoint

BATCH = 100
LEASE = timedelta(seconds=60)
AT_A_TIME = 2.0
"""Seconds after which a batch is broken off, well before the lease ends: others wait for the thread."""
COLUMNS = ("attempts", "status", "error", "state", "due_at", "ended_at")
Clock = Callable[[], datetime]


def serve(endpoint: Endpoint, *, worker: str, clock: Clock) -> int:
    """Send what is due to this endpoint, unless another worker does; how many it took.

    The results are written down together at the end. Killed before that, the same events are sent again under the
    same ids: a receiver may get an event twice, never not at all. The first that fails ends the batch and lets the
    endpoint rest; a 410 ends the endpoint.
    """
    now = clock()
    if not queries.lease(SYSTEM, endpoint, worker, now, now + LEASE):
        return 0
    try:
        batch = queries.due(SYSTEM, endpoint, now, BATCH)
        tried = _send(endpoint, batch, clock)
        _write_down(endpoint, tried, clock())
    finally:
        queries.release(SYSTEM, endpoint, worker)
    return sum(answer.taken for _, answer in tried)


def _send(endpoint: Endpoint, batch: list[Delivery], clock: Clock) -> list[tuple[Delivery, post.Answer]]:
    tried, ends = [], time.monotonic() + AT_A_TIME
    for delivery in batch:
        headers = signing.headers(endpoint, delivery.event, delivery.body, clock())
        answer = post.post(endpoint.url, headers, delivery.body.encode())
        tried.append((delivery, answer))
        if not answer.taken or time.monotonic() > ends:
            break
    return tried


def _write_down(endpoint: Endpoint, tried: list[tuple[Delivery, post.Answer]], now: datetime) -> None:
    """Keep what came of them. Where it is sent elsewhere by now, what the old address refused says nothing of the new one."""
    if not tried:
        return
    for delivery, answer in tried:
        delivery.attempts += 1
        delivery.status, delivery.error = answer.status or None, answer.error[:255]
        if answer.taken:
            delivery.state, delivery.ended_at = "sent", now
        elif (wait := schedule.wait(delivery.attempts, f"{endpoint.pk}:{delivery.event}")) is not None:
            delivery.due_at = now + wait
        else:
            delivery.state, delivery.ended_at = "dead", now
    last = tried[-1][1]
    with transaction.atomic():
        there = queries.plain(SYSTEM).select_for_update().get(pk=endpoint.pk)
        if there.url != endpoint.url:
            change([each for each, answer in tried if answer.taken], COLUMNS)
            return
        change([delivery for delivery, _ in tried], COLUMNS)
        if last.status == 410:
            _gone(endpoint, now)
        elif not last.taken:
            queries.failed_once_more(SYSTEM, endpoint, now + schedule.rest(endpoint.failures + 1))
        elif endpoint.failures:
            queries.plain(SYSTEM).filter(pk=endpoint.pk).update(failures=0, rests_until=None)


def _gone(endpoint: Endpoint, now: datetime) -> None:
    """The receiver says it is gone for good: nothing more is sent, what waits is kept for sending by hand."""
    queries.plain(SYSTEM).filter(pk=endpoint.pk, state="live").update(state="gone")
    queries.deliveries(SYSTEM).order_by().filter(endpoint=endpoint, state="waiting").update(state="dead", ended_at=now)
    record(
        by=SYSTEM, at=now, verb="webhooks.gone", kind="webhook", subject=endpoint.name, before="live", after="gone",
        why="410", merchant_id=endpoint.merchant_id,
    )  # fmt: skip
