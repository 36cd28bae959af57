"""How the values of a row are read: each reader answers the value or raises Wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from festoon.base.money import MOST
from festoon.base.words import Words
from festoon.records.batch import Wrong

Reader = Callable[[Any], Any]


def text(longest: int, *, empty: bool = False) -> Reader:
    """A text of at most `longest` characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not (value or empty):
            raise Wrong("not_text", "Write a text here.", "这里要填文字。")
        if len(value) > longest:
            raise Wrong("too_long", f"At most {longest} characters.", f"最多 {longest} 个字符。")
        return value

    return read


def whole(least: int = 0, most: int = MOST, *, optional: bool = False) -> Reader:
    """A whole number (minor units, a count) from `least` to `most`; None where it may be unknown."""

    def read(value: Any) -> int | None:
        if value is None and optional:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong("not_whole", "Write a whole number here.", "这里要填整数。")
        if not least <= value <= most:
            raise Wrong("out_of_range", f"From {least:,} to {most:,}.", f"须在 {least:,} 与 {most:,} 之间。")
        return value

    return read


def texts(value: Any) -> list[str]:
    """A list of texts, such as tags."""
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise Wrong("not_texts", "Write a list of texts here.", "这里要填文字列表。")
    return list(value)


def mapping(value: Any) -> dict[str, Any]:
    """Named values, such as a portrait."""
    if not isinstance(value, Mapping):
        raise Wrong("not_mapping", "Write named values here.", "这里要填键值。")
    return dict(value)


def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Wrong("not_a_flag", "Say true or false.", "请填写 true 或 false。")
    return value


FIRST_YEAR, LAST_YEAR = 1970, 9998
"""The day after a later one, or its hour elsewhere, may be no time at all."""
OUT_OF_YEARS = Words(
    f"Write a date from the years {FIRST_YEAR} to {LAST_YEAR}.", f"请填写 {FIRST_YEAR} 至 {LAST_YEAR} 年之间的日期。"
)


def in_years(day: date) -> bool:
    """Whether a day, or a moment, is one that every zone has, and the day after it too."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def moment(value: Any) -> datetime | None:
    """A moment of our years: a datetime, or ISO 8601 text, with an offset or without; None for none."""
    try:
        found = value if value is None or isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("not_a_moment", "Write a date and time, such as 2026-12-10T00:00.", "请填写日期时间。") from None
    if found is not None and not in_years(found):
        raise Wrong("out_of_range", OUT_OF_YEARS.en, OUT_OF_YEARS.zh)
    return found


def zone(value: Any) -> str:
    """The name of a time zone, such as Asia/Shanghai."""
    try:
        return str(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise Wrong("no_such_zone", "There is no such time zone.", "没有这个时区。") from None


def one_of(known: Mapping[str, int], *, empty: bool = False) -> Reader:
    """A code that is known, read as the number it stands for; "" or None for none where that is allowed."""

    def read(value: Any) -> int | None:
        if empty and value in ("", None):
            return None
        found = known.get(value) if isinstance(value, str) else None
        if found is None:
            raise Wrong("unknown", f"There is no {value!r}.", f"没有“{value}”。")
        return found

    return read
