"""Until when a coupon may be used, and the days, weeks and months by which it is given."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo


def zone_of(offer: Mapping[str, Any], merchants: str) -> str:
    """The zone of an offer in the offers-file form, by whose calendar its coupons end: its window's, else its merchant's."""
    return str((offer.get("window") or {}).get("zone") or merchants)


def until(given_at: datetime, days: int | None, ends: datetime | None, zone: str) -> datetime | None:
    """Until when a coupon given at this moment lasts: `days` of the calendar, or without them to `ends`; None for no end."""
    return ends if days is None else end_of_day(given_at, days, zone)


def end_of_day(claimed_at: datetime, days: int, zone: str) -> datetime:
    """The end of the day `days` after the day of the claim, by the calendar of `zone` (the first moment after it).

    So "7 days from claim" is the rest of the day of the claim and seven whole days, whatever the clocks do meanwhile.
    """
    return _end_of_day(int(claimed_at.timestamp() // 60), days, zone)


@lru_cache(maxsize=1024)
def _end_of_day(minute: int, days: int, zone: str) -> datetime:
    """No clock is set in the middle of a minute: all its moments are of one day."""
    at = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
    return _midnight(at.date(), days + 1, zone)


def period(at: datetime, each: str, zone: str) -> tuple[datetime, datetime]:
    """The day, week (from Monday) or month that holds this moment by the calendar of `zone`: [start, end) in UTC."""
    day = at.astimezone(ZoneInfo(zone)).date()
    if each == "week":
        day, days = day - timedelta(days=day.weekday()), 7
    elif each == "month":
        day, days = day.replace(day=1), monthrange(day.year, day.month)[1]
    else:
        days = 1
    return _midnight(day, 0, zone), _midnight(day, days, zone)


@lru_cache(maxsize=1024)
def _midnight(day: date, later: int, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
