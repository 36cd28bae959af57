"""Figures of what is going on now: small reads of rows and counters, as the dashboard polls them.

What would have to be read again from the beginning each time (pages opened, goods in frozen prices) is folded once
and remembered in this process: each call reads only what came since.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import TruncDay, TruncMinute

from festoon.campaigns.models import Campaign
from festoon.checkout import queries as checkout
from festoon.checkout.holds import price_of
from festoon.coupons import queries as coupons
from festoon.records import queries as records
from festoon.records.events import unpack
from festoon.records.viewer import SYSTEM, Viewer

OPENED = "campaign.opened"
OVERLAP = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold since a moment; money in minor units, net of refunds."""

    gmv: int
    orders: int
    by_channel: Mapping[str, int]


def sales(viewer: Viewer, *, since: datetime, currency: str) -> Sales:
    """Redemptions since a moment, in one currency."""
    rows = (
        _sold(viewer, since, currency)
        .values_list("channel")
        .annotate(paid=Sum("paid"), back=Sum("refunded"), n=Count("pk"))
    )
    found = list(rows.order_by())
    by_channel = {channel: paid - back for channel, paid, back, _ in found}
    return Sales(sum(by_channel.values()), sum(n for *_, n in found), by_channel)


def over_time(viewer: Viewer, *, since: datetime, currency: str, grain: str, zone: ZoneInfo) -> Mapping[datetime, int]:
    """The same by `minute` or `day`."""
    cut = TruncMinute("at", tzinfo=zone) if grain == "minute" else TruncDay("at", tzinfo=zone)
    rows = _sold(viewer, since, currency).order_by().annotate(cut=cut).values_list("cut")
    return {at: paid - back for at, paid, back in rows.annotate(paid=Sum("paid"), back=Sum("refunded"))}


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
class _Folded:
    """What this process has read so far."""

    outbox: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    until: datetime | None = None
    seen: set[str] = field(default_factory=set)
    goods: Counter[tuple[int, str]] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


_folded = _Folded()


def forget() -> None:
    """Begin anew: for tests, whose rows are put back."""
    _folded.outbox, _folded.until = 0, None
    _folded.opened.clear()
    _folded.seen.clear()
    _folded.goods.clear()


def opened(campaigns: Sequence[Campaign]) -> int:
    """How often the pages of these campaigns were opened, as shops told."""
    with _folded.lock:
        rows = records.outbox(SYSTEM).filter(id__gt=_folded.outbox, kind="shop").values_list("id", "events")
        for number, packed in rows.iterator(chunk_size=500):
            events = unpack(bytes(packed))
            _folded.opened.update(str(event.get("campaign")) for event in events if event["kind"] == OPENED)
            _folded.outbox = number
        return sum(_folded.opened[campaign.code] for campaign in campaigns)


def sold_goods(viewer: Viewer, *, since: datetime) -> Mapping[str, int]:
    """What shoppers paid for each sku, before refunds, out of the frozen prices of what was redeemed."""
    with _folded.lock:
        start = max(since, _folded.until - OVERLAP) if _folded.until else since
        rows = checkout.redemptions(SYSTEM).filter(at__gte=start).order_by("at")
        for row in rows.iterator(chunk_size=500):
            if row.pk not in _folded.seen:
                _folded.seen.add(row.pk)
                lines: Any = price_of(row.hold)["lines"]
                _folded.goods.update({(row.merchant_id, line["sku"]): line["payable"] for line in lines})
            _folded.until = row.at
        found: Counter[str] = Counter()
        for (merchant, sku), paid in _folded.goods.items():
            if viewer.is_platform or viewer.merchant_id == merchant:
                found[sku] += paid
        return found
