"""What a merchant learns of codes at other merchants when it brings its own: little, and that slowly.

A shopper types a code alone, so no two merchants may have the same. A code that is taken elsewhere is refused in one word,
whatever became of it there; and after ten such in a day nothing is taken from the merchant before the day is over. The
platform sees every merchant's codes: it is told plainly, and may bring codes for the merchant meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.coupons import queries
from festoon.coupons.models import WrongTry
from festoon.records.refusal import Refusal
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer

WINDOW, MOST = timedelta(days=1), 10
TAKEN = Words(en="This code cannot be taken; choose another.", zh="此券码不可用，请换一个。")
TOO_MANY = Words(
    en="Too many of these codes cannot be taken; nothing more is taken today. The platform can bring them for you.",
    zh="不可用的券码过多，今日不再接受导入，可请平台代为导入。",
)
_KIND = "merchant:"


def left(viewer: Viewer, now: datetime) -> int:
    """How many codes taken elsewhere may be named to this merchant today still. Raises `too_many_taken` when none may."""
    if viewer.is_platform:
        return 0
    named = queries.tries_since(SYSTEM, f"{_KIND}{viewer.merchant_id}", now - WINDOW)
    if named >= MOST:
        raise too_many()
    return MOST - named


def count(viewer: Viewer, codes: int, now: datetime) -> None:
    """Write down that so many were found taken elsewhere."""
    insert([WrongTry(of=f"{_KIND}{viewer.merchant_id}", at=now) for _ in range(codes)])


def too_many() -> Refusal:
    """The one answer to every import of a merchant that asked for too many codes of others."""
    detail = {"retry_after": int(WINDOW.total_seconds())}
    return Refusal("too_many_taken", TOO_MANY, field="rows", status=429, detail=detail)


def over(tries: QuerySet[WrongTry], now: datetime) -> QuerySet[WrongTry]:
    """Of these, what no merchant is counted by any more."""
    return tries.filter(of__startswith=_KIND, at__lt=now - 2 * WINDOW)
