"""Numbers, money, moments and names as pages say them: by Babel, in the language of the page.

A moment is one word: no line ends inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

from festoon.base.money import exponent, zhe_text
from festoon.base.words import Words
from festoon.records.names import name_of
from festoon.records.zones import zone_name
from festoon.storefront import pictures
from festoon.storefront.addresses import page_of
from festoon.storefront.figures import major

register = template.Library()
SHORT = 10_000
"""Below so much, money is said in full."""
_GAPS = re.compile(r"(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)")


def locale() -> str:
    """Babel's name of the page's language."""
    return "zh_Hans_CN" if (get_language() or "").startswith("zh") else "en"


@register.filter
def money(minor: int | str | None, currency: str = "CNY") -> str:
    """Minor units as money; an en dash where nothing is known."""
    if not isinstance(minor, int):
        return "–"
    return _plain(format_currency(major(minor, currency), currency, locale=locale()))


@register.filter
def money_short(minor: int, currency: str = "CNY") -> str:
    """Large money in a few characters: ¥12.3K, ¥1.2万; small money as it is."""
    if abs(minor) < SHORT * 10 ** exponent(currency):
        return money_round(minor, currency)
    return _plain(format_compact_currency(major(minor, currency), currency, locale=locale(), fraction_digits=1))


@register.filter
def money_round(minor: int, currency: str = "CNY") -> str:
    """Money without the part after the point when that part is nothing: ¥30, ¥8.80."""
    whole = major(minor, currency)
    pattern = "¤#,##0" if whole == whole.to_integral_value() else "¤#,##0.00"
    return _plain(format_currency(whole, currency, pattern, locale=locale(), currency_digits=False))


@register.filter
def number(value: int | str | None) -> str:
    """A count with separators; an en dash where nothing was counted."""
    return _counted(value, locale()) if isinstance(value, int) else "–"


@register.filter
def percent(basis_points: int | None) -> str:
    """Basis points as a percentage."""
    return "–" if basis_points is None else format_percent(basis_points / 10_000, "#,##0.#%", locale=locale())


@register.simple_tag
def worth_percent(basis_points: int) -> tuple[str, str]:
    """A percentage on a coupon's face: "12%" and "off"; in Chinese as 折, which needs no second word."""
    if locale() == "en":
        return percent(basis_points), gettext("off")
    return zhe_text(basis_points), ""


@register.filter
def moment(at: datetime | None) -> str:
    """A date and time in the zone of the page."""
    return _when(at, "MMM d, HH:mm", "M月d日 HH:mm")


@register.filter
def day(at: datetime | None) -> str:
    """A date in the zone of the page."""
    return _when(at, "MMM d, y", "y年M月d日")


@register.filter
def day_short(at: datetime | None) -> str:
    """A date without its year."""
    return _when(at, "MMM d", "M月d日")


@register.filter
def last_day(end: datetime | None) -> str:
    """The last day, without its year, of what ends before this moment: what ends at midnight had the day before."""
    return day_short(end - timedelta(microseconds=1)) if end else "–"


@register.filter
def clock(at: datetime | None) -> str:
    """Hours, minutes and seconds."""
    return _when(at, "HH:mm:ss", "HH:mm:ss")


@register.filter
def ago(at: datetime | None) -> str:
    """How long ago, in words that stay together."""
    return unbroken(format_timedelta(at - timezone.now(), add_direction=True, locale=locale())) if at else "–"


@register.filter
def time_zone(code: str) -> str:
    """A time zone as people call it, with the city that tells it from others of one name."""
    return zone_name(code, locale())


@register.filter
def words(both: Words | Mapping[str, str] | None) -> str:
    """Words, or their file form {"en", "zh"}, in the language of the page."""
    if not both:
        return ""
    pair = both if isinstance(both, Words) else Words(both.get("en", ""), both.get("zh", "") or both.get("en", ""))
    return pair.in_(get_language() or "en")


@register.filter
def named(thing: Any) -> str:
    """A row with name_en and name_zh, in the language of the page."""
    return words(name_of(thing)) if thing else "–"


@register.simple_tag
def shopper_page(campaign: str = "") -> str:
    """Where shoppers find a campaign."""
    return page_of(campaign)


@register.simple_tag
def fresh_key() -> str:
    """A key for one submission of one form: sent twice, done once."""
    return uuid4().hex


def _plain(text: str) -> str:
    """The sign people know: in English, Babel tells the yuan from the yen by letters that no price tag bears."""
    return text.replace("CN¥", "¥")


def _when(at: datetime | None, en: str, zh: str) -> str:
    """The date, with its year where that is not this one."""
    if at is None:
        return "–"
    local, language = timezone.localtime(at), locale()
    other = "y" not in en and "d" in en and local.year != timezone.localtime().year
    pattern = (en.replace("MMM d", "MMM d, y") if other else en) if language == "en" else ("y年" if other else "") + zh
    if "s" not in pattern:
        local = local.replace(second=0)
    if "H" not in pattern:
        local = local.replace(hour=0, minute=0)
    return _written(local.replace(microsecond=0), pattern, language)


@lru_cache(4096)
def _written(local: datetime, pattern: str, language: str) -> str:
    """Lists say the same few days and numbers again and again, and Babel takes its time."""
    return unbroken(format_datetime(local, pattern, locale=language))


def unbroken(text: str) -> str:
    """A date or time in which no line ends: spaces that do not break, and joined where Chinese has no spaces."""
    return _GAPS.sub("\u2060", text.replace(" ", "\u00a0"))


@lru_cache(4096)
def _counted(value: int, language: str) -> str:
    return format_decimal(value, locale=language)


@register.inclusion_tag("storefront/picture.html")
def picture(name: str, size: str = "") -> dict[str, object]:
    """The picture of goods; `size` is empty or `large`."""
    icon, hue = pictures.picture(name)
    return {"icon": icon, "hue": hue, "size": size}
