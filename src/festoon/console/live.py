"""Figures of what is going on now: small reads of rows and counters, as the dashboard polls them.

What would have to be read again from the beginning each time (pages opened, goods in frozen prices) is folded once
and remembered in this process: each call reads only what came since.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDay, TruncMinute

from festoon.campaigns.models import Campaign
from festoon.checkout import queries as checkout
from festoon.checkout.holds import price_of
from festoon.composition.results import over
from festoon.coupons import queries as coupons
from festoon.records import queries as records
from festoon.records.events import unpack
from festoon.records.parts import in_parts
from festoon.records.viewer import SYSTEM, Viewer

OPENED = "campaign.opened"
OVERLAP = timedelta(seconds=30)
LATE = 2_000
"""How many numbers of the outbox are looked at again: on PostgreSQL a row may appear after one with a higher number."""
WINDOWS = 16
"""How many windows are remembered; the one that nobody asked for the longest is forgotten."""


def over_time(viewer: Viewer, *, since: datetime, currency: str, grain: str, zone: ZoneInfo) -> Mapping[datetime, int]:
    """What was sold since a moment, net of refunds, by `minute` or `day`."""
    cut = TruncMinute("at", tzinfo=zone) if grain == "minute" else TruncDay("at", tzinfo=zone)
    return over(_sold(viewer, since, currency), cut)


def claimed(viewer: Viewer, *, since: datetime, currency: str) -> tuple[int, int]:
    """Coupons claimed since a moment, and how many of them are used."""
    rows = coupons.visible(viewer).order_by().filter(claimed_at__gte=since, merchant__currency=currency)
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    return sum(counts.values()), counts.get("redeemed", 0)


def reserved(viewer: Viewer, *, since: datetime, currency: str) -> int:
    """Baskets that were held since a moment."""
    return checkout.visible(viewer).filter(created_at__gte=since, merchant__currency=currency).count()


def _sold(viewer: Viewer, since: datetime, currency: str) -> Any:
    return checkout.redemptions(viewer).select_related(None).filter(at__gte=since, merchant__currency=currency)


@dataclass(slots=True)
class _Sold:
    """What was sold since a moment, as far as it was read; `seen` are the rows that would be read again."""

    until: datetime
    seen: dict[str, datetime] = field(default_factory=dict)
    goods: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Folded:
    """What this process has read so far: the outbox, and what was sold in each window of each house."""

    last: int = 0
    read: set[int] = field(default_factory=set)
    opened: Counter[str] = field(default_factory=Counter)
    goods: OrderedDict[tuple[int, datetime], _Sold] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_folded = _Folded()


def forget() -> None:
    """Begin anew: for tests, whose rows are put back."""
    _folded.last = 0
    _folded.read.clear()
    _folded.opened.clear()
    _folded.goods.clear()


def opened(campaigns: Sequence[Campaign]) -> int:
    """How often the pages of these campaigns were opened, as shops told."""
    with _folded.lock:
        after = _folded.last - LATE
        rows = records.outbox(SYSTEM).filter(id__gt=after, kind="shop")
        new = [number for number in rows.values_list("id", flat=True) if number not in _folded.read]
        for part in in_parts(new, 500):
            for number, packed in rows.filter(id__in=part).values_list("id", "events"):
                events = unpack(bytes(packed))
                _folded.opened.update(str(event.get("campaign")) for event in events if event["kind"] == OPENED)
                _folded.read.add(number)
        _folded.last = max(_folded.last, *new, 0)
        _folded.read = {number for number in _folded.read if number > _folded.last - LATE}
        return sum(_folded.opened[campaign.code] for campaign in campaigns)


def sold_goods(viewer: Viewer, *, since: datetime) -> Mapping[str, int]:
    """What shoppers paid for each sku, before refunds, out of the frozen prices of what was redeemed."""
    with _folded.lock:
        window = (viewer.merchant_id, since)
        sold = _folded.goods.setdefault(window, _Sold(since))
        _folded.goods.move_to_end(window)
        while len(_folded.goods) > WINDOWS:
            _folded.goods.popitem(last=False)
        start = max(since, sold.until - OVERLAP)
        for row in checkout.redemptions(viewer).filter(at__gte=start).order_by("at").iterator(chunk_size=500):
            if row.pk not in sold.seen:
                sold.seen[row.pk] = row.at
                lines: Any = price_of(row.hold)["lines"]
                for line in lines:
                    sold.goods[line["sku"]] += line["payable"]
            sold.until = max(sold.until, row.at)
        sold.seen = {number: at for number, at in sold.seen.items() if at >= sold.until - OVERLAP}
        return Counter(sold.goods)
