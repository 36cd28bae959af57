"""Until when a coupon may be used."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_day(claimed_at: datetime, days: int, zone: str) -> datetime:
    """The end of the day `days` after the day of the claim, by the calendar of `zone` (the first moment after it).

    So "7 days from claim" is the rest of the day of the claim and seven whole days, whatever the clocks do meanwhile.
    """
    local = claimed_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days + 1)
    return datetime.combine(local, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
