"""Figures as people type them: money in its major unit, a percentage as per cent off or as 折."""

from __future__ import annotations

import re
from decimal import Decimal

from festoon.base.money import WHOLE, amount_text, exponent
from festoon.base.words import Words

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
DECORATION = str.maketrans("", "", ", ，¥￥$€%折 ")
NOT_MONEY = Words("Write an amount, such as 300 or 49.90.", "请填写金额，如 300 或 49.90。")
NOT_COUNT = Words("Write a whole number, such as 3.", "请填写整数，如 3。")
NOT_PERCENT = Words("Write a percentage from 0 to 100, such as 12.", "请填写 0 至 100 的百分比，如 12。")
NOT_ZHE = Words(
    "Write what is paid, from 0 to 10 tenths: 8.8 means 88%, which is 12% off.",
    "请填写 0 至 10 之间的折数：8.8 折表示付原价的 88%；九折填 9，不是 90。",
)


class Unread(ValueError):
    """A text that is no such figure; `words` say what would be."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def _number(text: str, words: Words) -> Decimal:
    plain = text.translate(DECORATION)
    if not NUMBER.fullmatch(plain):
        raise Unread(words)
    return Decimal(plain)


def _whole(value: Decimal, words: Words) -> int:
    if value != value.to_integral_value():
        raise Unread(words)
    return int(value)


def money(text: str, currency: str) -> int:
    """Minor units. Raises Unread."""
    return _whole(_number(text, NOT_MONEY).scaleb(exponent(currency)), NOT_MONEY)


def money_text(amount: int, currency: str) -> str:
    """Minor units as one types them: 30000 CNY is "300", 4990 is "49.90"."""
    whole, _, rest = amount_text(amount, currency).partition(".")
    return whole if not rest.strip("0") else f"{whole}.{rest}"


def count(text: str) -> int:
    """A whole number. Raises Unread."""
    return _whole(_number(text, NOT_COUNT), NOT_COUNT)


def percent(text: str, *, zhe: bool = False) -> int:
    """Basis points off: "12" is 1200; as 折, "8.8" is 1200 and "9" is 1000. Raises Unread, for 90 折 too."""
    words = NOT_ZHE if zhe else NOT_PERCENT
    value = _number(text, words)
    if not 0 <= value <= (10 if zhe else 100):
        raise Unread(words)
    points = _whole(value * (1000 if zhe else 100), words)
    return WHOLE - points if zhe else points


def percent_text(points: int, *, zhe: bool = False) -> str:
    """Basis points as one types them: 1200 is "12", as 折 "8.8"."""
    value = Decimal(WHOLE - points) / 1000 if zhe else Decimal(points) / 100
    return f"{value.normalize():f}"


def both(points: int) -> Words:
    """A percentage off in the way of each language: 12% off, 8.8 折."""
    return Words(f"{percent_text(points)}% off", "免费" if points == WHOLE else f"{percent_text(points, zhe=True)} 折")
