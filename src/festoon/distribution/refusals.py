"""Why a coupon is not given: each with a code of its own, and words a shopper may read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from festoon.base.words import Words
from festoon.records.refusal import Conflict, Invalid, Refusal


def _reason(code: str, en: str, zh: str, status: int = 409) -> Callable[[], Refusal]:
    words = Words(en=en, zh=zh)
    return lambda: Conflict(code, words, field="offer", status=status)


sold_out = _reason("sold_out", "All of these coupons have been claimed.", "优惠券已被领完。")
limit_reached = _reason(
    "limit_reached", "You already have as many of these as one person may have.", "您已达到领取上限。"
)
device_limit = _reason(
    "limit_reached", "As many of these as one device may have were claimed on yours.", "此设备已达领取上限。"
)
not_open = _reason("not_open", "Claiming is not open now.", "当前不在领取时间内。")
not_for_you = _reason("not_for_you", "This coupon is for other shoppers.", "您不在该优惠券的发放范围内。")
not_for_channel = _reason("not_for_channel", "This coupon cannot be claimed here.", "该渠道不可领取此优惠券。")
unknown = _reason("no_such_coupon", "There is no such coupon to claim.", "没有可领取的该优惠券。", status=404)

_PERIODS = {"day": Words("a day", "今日"), "week": Words("a week", "本周"), "month": Words("a month", "本月")}


@lru_cache(maxsize=256)
def _until(each: str, until: datetime, zone: str) -> Words:
    local, how = until.astimezone(ZoneInfo(zone)), _PERIODS[each]
    en, zh = (format_datetime(local, form, locale=each) for form, each in _FORMS)
    return Words(
        en=f"You have as many of these as one person may have in {how.en}; you may have more from {en}.",
        zh=f"您{how.zh}已达领取上限，{zh} 起可再次领取。",
    )


_FORMS = (("MMM d, y, HH:mm", "en"), ("y年M月d日 HH:mm", "zh"))


def limit_reached_until(each: str, until: datetime, zone: str) -> Refusal:
    """The limit of a day, a week or a month; `detail.opens_again` is when the next begins."""
    detail = {"opens_again": until.isoformat()}
    return Conflict("limit_reached", _until(each, until, zone), field="offer", detail=detail)


DEVICE = 96
"""The longest text of a device or an address, in signs."""
SCENE = 32
"""The longest scene, in signs."""


def bad_scene() -> Invalid:
    """A scene that no row can hold."""
    words = Words(en=f"A text of at most {SCENE} signs.", zh=f"不超过 {SCENE} 个字符的文字。")
    return Invalid("not_text", words, field="scene")


def device_needed() -> Refusal:
    """The coupon is limited by device, and no device was said."""
    words = Words(
        en="This coupon is limited by device: the claim must say which.", zh="此券按设备限领，领取时须提供设备信息。"
    )
    return Conflict("device_needed", words, field="device")


def bad_device() -> Invalid:
    """A device that is longer than any."""
    words = Words(en=f"A text of at most {DEVICE} signs.", zh=f"不超过 {DEVICE} 个字符的文字。")
    return Invalid("not_text", words, field="device")
