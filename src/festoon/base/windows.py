"""Windows of time: [start, end), each end in the zone of whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The time zone called `name`, such as "Asia/Shanghai". Raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise ValueError(f"unknown time zone {name!r}") from fault


@lru_cache(maxsize=65536)
def instant(text: str, zone: str | None = None) -> int:
    """An ISO 8601 moment as microseconds since 1970 UTC.

    A text without an offset is read in `zone`. In the hour that a clock repeats, the first is meant; in the hour
    that it skips, the clock is read as it stood before the change.
    Raises ValueError when it is not a moment, or has neither offset nor `zone`.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError("a moment needs an offset, such as +08:00 or Z")
        moment = moment.replace(tzinfo=zone_of(zone))
    return since_1970(moment)


def since_1970(moment: datetime) -> int:
    """A moment that says its offset, as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def local(at: int, zone: str) -> datetime:
    """An instant by the calendar and clock of `zone`."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone_of(zone))


def moment_text(at: int, zone: str = "UTC") -> str:
    """An instant as ISO 8601 in `zone`."""
    return local(at, zone).isoformat()


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` (included) to `end` (not included), in microseconds since 1970 UTC; None is open."""

    start: int | None = None
    end: int | None = None

    def holds(self, at: int) -> bool:
        """Whether the instant lies in the window."""
        return (self.start is None or at >= self.start) and (self.end is None or at < self.end)


ALWAYS = Window()


def window_told(said: Mapping[str, Any] | None, zone: str) -> Window:
    """A window as a release keeps it (`start`, `end`, and its own `zone` where it is not the merchant's); None is always."""
    told = said or {}
    own = str(told.get("zone") or zone)
    start, end = told.get("start"), told.get("end")
    return Window(instant(str(start), own) if start else None, instant(str(end), own) if end else None)
