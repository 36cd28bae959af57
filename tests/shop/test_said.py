"""Moments and clocks as pages say them: a date is one word, a time zone has a name."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from festoon.storefront.templatetags.said import day, moment, time_zone

AT = datetime(2031, 11, 3, 9, 5, tzinfo=UTC)
PLAIN = str.maketrans({"\u00a0": " ", "\u2060": None})


@pytest.mark.parametrize(("language", "said"), [("en", "Nov 3, 2031, 09:05"), ("zh-hans", "2031年11月3日 09:05")])
def test_no_line_ends_inside_a_date(language, said):
    with translation.override(language), timezone.override(UTC):
        assert moment(AT).translate(PLAIN) == said
        assert day(AT).translate(PLAIN) == said[: said.index("09") - 1].rstrip(",")
        assert " " not in moment(AT)
        if language == "zh-hans":
            assert moment(AT) == "2031\u2060年\u206011\u2060月\u20603\u2060日\u00a009:05", "Chinese breaks anywhere"


@pytest.mark.parametrize(
    ("code", "en", "zh"),
    [
        ("Asia/Shanghai", "China Standard Time (Shanghai)", "中国标准时间（上海）"),
        ("America/New_York", "Eastern Time (New York)", "北美东部时间（纽约）"),
        ("UTC", "Coordinated Universal Time (UTC)", "协调世界时（UTC）"),
        ("Etc/GMT+5", "GMT+5", "GMT+5"),
    ],
)
def test_a_time_zone_is_said_by_name_and_city(code, en, zh):
    with translation.override("en"):
        assert time_zone(code) == en
    with translation.override("zh-hans"):
        assert time_zone(code) == zh


def test_zones_of_one_name_are_told_apart():
    with translation.override("en"):
        assert time_zone("Europe/Berlin") != time_zone("Europe/Paris")
