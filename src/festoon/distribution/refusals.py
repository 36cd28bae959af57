"""Why a coupon is not given: each with a code of its own, and words a shopper may read."""

from __future__ import annotations

from collections.abc import Callable

from festoon.base.words import Words
from festoon.records.refusal import Conflict, Invalid, Refusal


def _reason(code: str, en: str, zh: str, status: int = 409) -> Callable[[], Refusal]:
    words = Words(en=en, zh=zh)
    return lambda: Conflict(code, words, field="offer", status=status)


sold_out = _reason("sold_out", "All of these coupons have been claimed.", "优惠券已被领完。")
limit_reached = _reason(
    "limit_reached", "You already have as many of these as one person may have.", "您已达到领取上限。"
)
not_open = _reason("not_open", "Claiming is not open now.", "当前不在领取时间内。")
not_for_you = _reason("not_for_you", "This coupon is for other shoppers.", "您不在该优惠券的发放范围内。")
not_for_channel = _reason("not_for_channel", "This coupon cannot be claimed here.", "该渠道不可领取此优惠券。")
unknown = _reason("no_such_coupon", "There is no such coupon to claim.", "没有可领取的该优惠券。", status=404)

SCENE = 32
"""The longest scene, in signs."""


def bad_scene() -> Invalid:
    """A scene that no row can hold."""
    words = Words(en=f"A text of at most {SCENE} signs.", zh=f"不超过 {SCENE} 个字符的文字。")
    return Invalid("not_text", words, field="scene")
