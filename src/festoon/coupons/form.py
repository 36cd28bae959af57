"""What a coupon's draft says beside its rule, as a form: how many there are, for how long, when they are given."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.form import Nested, choice, count, flag, made, moment, money, table
from festoon.base.words import Words
from festoon.offers.spends import form as spends

MOST_DAYS = 36_500
"""A coupon that lasts longer from its claim than a hundred years has no end, and says none."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A window in which so many are given."""

    start: str = moment("From", "开始")
    stock: int = count("How many", "数量", least=1)
    end: str | None = moment("Until", "结束", default=None, help=Words("Empty: until the next.", "不填至下一场。"))


DAY, WEEK, MONTH = "day", "week", "month"
EACH = {DAY: Words("each day", "每天"), WEEK: Words("each week", "每周"), MONTH: Words("each month", "每月")}


@dataclass(frozen=True, slots=True)
class PerPeriod:
    """How many a shopper may claim in a day, a week or a month."""

    most: int | None = count(
        "At most", "最多（张）", least=1, default=None, help=Words("Empty: no limit.", "不填为不限。")
    )
    each: str = choice("In", "周期", EACH, default=DAY)


@dataclass(frozen=True, slots=True)
class Terms:
    """How coupons of one template are given, and what they may cost."""

    stock: int | None = count(
        "How many there are", "发行量（张）", least=1, default=None, help=Words("Empty: no limit.", "不填为不限。")
    )
    per_shopper: int = count("A shopper may have", "每人限领（张）", least=1, default=1)
    per_period: PerPeriod | None = made(
        Nested(of=PerPeriod), "A shopper may claim", "每人每周期限领", default=None,
        help=Words(
            "By the calendar of the offer's zone; a week begins on Monday. What you issue is not counted.",
            "按优惠所在时区的自然日、周（周一起）、月计算；主动发放的不计入。",
        ),
    )  # fmt: skip
    per_device: int | None = count(
        "On one device or address", "每台设备限领（张）", least=1, default=None,
        help=Words(
            "Empty: no limit. A claim must then say its device; only a sealed hash of it is kept.",
            "不填为不限。设置后，领取时须提供设备或地址，系统仅保存其加密摘要。",
        ),
    )  # fmt: skip
    days_from_claim: int | None = count(
        "Days it lasts from the claim", "领取后有效天数", most=MOST_DAYS, default=None,
        help=Words("The rest of the day of the claim, and so many whole days.", "领取当日起，再加若干整天。"),
    )  # fmt: skip
    expires: str | None = moment(
        "Or until", "或有效至", default=None, help=Words("Empty: until the offer ends.", "不填至优惠结束。")
    )
    claimable: bool = flag("Shoppers claim it themselves", "顾客可自行领取", default=True)
    opens_at: str | None = moment("Claiming opens", "开始领取时间", default=None)
    face_value: int | None = money(
        "Worth that is printed on it", "券面金额", default=None,
        help=Words("Empty: what the rule takes off.", "不填按规则显示。"),
    )  # fmt: skip
    sessions: tuple[SessionRow, ...] = table(
        SessionRow, "Sessions", "领取场次", least=0, default=(),
        help=Words("At ten, two and eight so many each; outside of them none.", "如 10 点、14 点、20 点各若干张，其余时间不可领。"),
    )  # fmt: skip
    spend_most: int | None = spends.most()
    spend_per_day: int | None = spends.per_day()
    late: str | None = spends.late()
