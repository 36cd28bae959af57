"""Guessing codes is slow: after ten wrong ones in five minutes nobody may try another for a while.

A try is written down before the code is looked at, and taken off when the code was right: so tries at the same moment
count too, and every wrong code gets the same answer after the same time, whether it never was, is spent, has ended or is
somebody else's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from festoon.base.words import Words
from festoon.coupons import elsewhere, queries
from festoon.coupons.models import WrongTry
from festoon.records.canonical import digest
from festoon.records.pace import evenly
from festoon.records.refusal import Refusal
from festoon.records.tables import wait_for
from festoon.records.viewer import SYSTEM

WINDOW = timedelta(minutes=5)
MOST = {"shopper": 10, "address": 10, "person": 10, "key": 1_000}
"""Wrong codes in WINDOW by who or what tried. A key speaks for all shoppers of a shop, so one of them cannot lock it."""
STEP = 100
"""Milliseconds: a wrong code is answered after a whole number of these, whatever it was looked up in."""
TOO_MANY = Words(en="Too many wrong codes; try again in a few minutes.", zh="错误次数过多，请几分钟后再试。")
NO_SUCH = Words(en="This code cannot be used.", zh="此券码无法使用。")
T = TypeVar("T")


def no_such_code() -> Refusal:
    """The one answer to every code that leads nowhere."""
    return Refusal("no_such_code", NO_SUCH, field="code", status=404)


def guarded(of: Iterable[tuple[str, str]], now: datetime, look: Callable[[], T | None]) -> T:
    """What `look` finds; nothing found: `no_such_code`, and one more wrong try for each of those in `of`.

    `of` names who tries, as (kind, name): shopper, address, person, key. Raises Refusal 429 `too_many_tries`, and what `look`
    raises: that it could not be looked at, which is no wrong try.
    """
    began = time.monotonic_ns()
    names = [(kind, f"{kind}:{name}"[:160]) for kind, name in of if name]
    tries = _write_down(names, now)
    try:
        found = look()
    except Refusal:
        _take_off(tries)
        raise
    if found is None:
        evenly(began, milliseconds=STEP)
        raise no_such_code()
    _take_off(tries)
    return found


def _write_down(names: list[tuple[str, str]], now: datetime) -> list[int]:
    since = now - WINDOW
    if any(queries.tries_since(SYSTEM, name, since) >= MOST[kind] for kind, name in names):
        raise _too_many()  # without a write: hammering a closed door costs little
    with transaction.atomic():
        for _, name in sorted(names):
            wait_for(int(digest(["try", name])[:15], 16))
        if any(queries.tries_since(SYSTEM, name, since) >= MOST[kind] for kind, name in names):
            raise _too_many()
        made = [WrongTry(of=name, at=now) for _, name in names]
        for row in made:
            row.save(force_insert=True)
    return [row.pk for row in made]


def _take_off(tries: list[int]) -> None:
    with transaction.atomic():
        queries.wrong_tries(SYSTEM).filter(pk__in=tries).delete()


def forget(now: datetime) -> int:
    """Remove the tries nobody counts any more; how many."""
    rows = queries.wrong_tries(SYSTEM).order_by()
    kinds = Q(*[("of__startswith", f"{kind}:") for kind in MOST], _connector=Q.OR)
    with transaction.atomic():
        gone, _ = rows.filter(kinds, at__lt=now - 2 * WINDOW).delete()
        old, _ = elsewhere.over(rows, now).delete()
    return gone + old


def _too_many() -> Refusal:
    detail = {"retry_after": int(WINDOW.total_seconds())}
    return Refusal("too_many_tries", TOO_MANY, field="code", status=429, detail=detail)
