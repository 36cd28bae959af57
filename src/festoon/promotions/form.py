"""What a promotion's draft says beside its rule, as a form."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.base.form import count
from festoon.base.words import Words
from festoon.offers.spends import form as spends


@dataclass(frozen=True, slots=True)
class Terms:
    """How much of it there is, and what it may cost."""

    units: int | None = count(
        "Pieces there are", "活动库存（件）", least=1, default=None,
        help=Words("For a flash price: when they are gone, the price is gone.", "秒杀价售完即止；不填为不限。"),
    )  # fmt: skip
    per_shopper: int | None = count(
        "Orders of one shopper", "每人限享（单）", least=1, default=None, help=Words("Empty: no limit.", "不填为不限。")
    )
    spend_most: int | None = spends.most()
    spend_per_day: int | None = spends.per_day()
    late: str | None = spends.late()
