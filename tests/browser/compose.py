"""Lin's morning: a campaign with a coupon and its distribution, submitted as a whole; through the verbs, as ever."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import django


def main(code: str) -> None:
    django.setup()
    from festoon.base.words import Words
    from festoon.campaigns import actions as campaigns
    from festoon.composition import actions as composition
    from festoon.coupons import actions as coupons
    from festoon.demo.cast.load import viewer
    from festoon.distribution import actions as distributions

    lin, now = viewer("lin"), datetime.now(UTC)
    span = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=3)}
    en, zh = ("Tea morning", "茶之晨") if code.endswith("zh") else ("Tea evening", "茶之夜")
    name = {"en": en, "zh": zh}
    campaign = campaigns.create({"code": code, "name": name, "reason": name, **span}, by=lin, now=now)
    campaigns.add_budget_line(
        campaign, kind="discount", payer="platform", amount=500_000, name=Words("Discounts", "优惠"), by=lin, now=now
    )
    coupons.create(
        {
            "code": f"{code}-10",
            "kind": "coupon",
            "name": {"en": f"{en}: 10 off 100", "zh": f"{zh}满100减10券"},
            "type": "amount",
            "with": {"off": 1000, "at": 10000},
            "payers": [{"payer": "platform", "basis_points": 10000}],
            "campaign": code,
            "stock": 20,
            "per_shopper": 1,
            "days_from_claim": 2,
        },
        by=lin,
        now=now,
    )
    spread = {
        "code": f"{code}-app",
        "name": {"en": "In the app", "zh": "应用内"},
        "campaign": code,
        "channels": ["app"],
    }
    distributions.create(spread, by=lin, now=now)
    composition.submit(campaign, by=lin, now=now)


if __name__ == "__main__":
    main(sys.argv[1])
