"""What people call a time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location, get_timezone_name


@lru_cache(512)
def zone_name(code: str, language: str) -> str:
    """Its name in the language (`en`, `zh_Hans`), with the city that tells it from others of one name.

    The standard name where its clocks never change, as in China, else the name for the whole year.
    """
    city = get_timezone_location(code, locale=language, return_city=True)
    if code.startswith("Etc/"):
        return city
    ahead = {datetime(2026, month, 1, tzinfo=UTC).astimezone(ZoneInfo(code)).utcoffset() for month in (1, 7)}
    name = get_timezone_name(code, zone_variant="standard" if len(ahead) == 1 else None, locale=language)
    return f"{name} ({city})" if language == "en" else f"{name}（{city}）"
