"""Somebody writes scripts into every text there is: names, reasons, remarks, the names of other systems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import django

from tests.rights.payloads import CALLS, PAYLOADS


def main() -> None:
    django.setup()
    from festoon.campaigns import actions as campaigns
    from festoon.demo.cast.load import viewer
    from festoon.promotions import actions as promotions
    from festoon.review import remarks
    from festoon.webhooks import actions as webhooks

    lin, now = viewer("lin"), datetime.now(UTC)
    how = {"by": lin, "now": now}
    clean = [payload.replace("\0", "") for payload in PAYLOADS]
    for place in range(0, len(clean), 40):
        remarks.say("campaign", "double-12", " ".join(clean[place : place + 40])[:4000], merchant_id=1, **how)
    window = {"starts_at": now, "ends_at": now + timedelta(days=3)}
    for number, payload in enumerate(clean[:: len(CALLS)]):
        told = {"en": payload[:100], "zh": payload[:100]}
        data = {
            "code": f"x-{number}", "name": told, "type": "percent", "with": {"basis_points": 500}, "scope": {"all": True},
            "payers": [{"payer": "platform", "basis_points": 10000}], "campaign": "double-12",
        }  # fmt: skip
        promotions.create(data, **how)
        if number % 8 == 0:
            campaigns.create({"code": f"x-{number}", "name": told, "reason": told, **window}, **how)
            webhooks.subscribe(payload[:60], f"https://x-{number}.example.com/", ["coupon.voided"], **how)


if __name__ == "__main__":
    main()
