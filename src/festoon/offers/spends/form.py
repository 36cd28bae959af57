"""What an offer may cost, as fields of the form of its terms: of a promotion's and of a coupon's."""

from __future__ import annotations

from typing import Any

from festoon.base.form import choice, money
from festoon.base.words import Words
from festoon.offers.spends.terms import HONOUR, LATE

IN_ALL = Words("It may cost in all", "费用总上限")
IN_A_DAY = Words("It may cost in a day", "每日费用上限")
TOO_LATE = Words("An order after its hold has ended, with the budget gone, is", "占用过期且预算用尽的订单")


def most() -> Any:
    """In all."""
    return money(
        IN_ALL.en, IN_ALL.zh, least=1, default=None,
        help=Words("Whoever pays. Empty: as much as its campaign's budget.", "不论由谁承担；不填则以活动预算为限。"),
    )  # fmt: skip


def per_day() -> Any:
    """On a day."""
    return money(
        IN_A_DAY.en, IN_A_DAY.zh, least=1, default=None,
        help=Words("By the calendar of the offer's zone. Empty: no limit.", "按优惠所在时区的自然日计；不填为不限。"),
    )  # fmt: skip


def late() -> Any:
    """When the budget is gone."""
    return choice(TOO_LATE.en, TOO_LATE.zh, LATE, default=HONOUR)
