"""Three famous accidents, submitted by Lin: an unlimited high coupon, a percent with a digit too many, 50 off any order."""

from __future__ import annotations

from datetime import UTC, datetime

import django

ZH = {"coupon": "优惠券", "percent": "折扣", "threshold": "门槛"}
PAYERS = [{"payer": "platform", "basis_points": 10000}]


def main() -> None:
    django.setup()
    from festoon.coupons import actions as coupons
    from festoon.demo.cast.load import viewer
    from festoon.promotions import actions as promotions

    rows = (
        (coupons, "coupon", "amount", {"off": 10000}, "b-11"),
        (promotions, "percent", "percent", {"basis_points": 9900}, "b-08"),
        (promotions, "threshold", "amount", {"off": 5000}, "s-09"),
    )
    for room, code, kind, given, sku in rows:
        name = {"en": f"Accident: {code}", "zh": f"事故：{ZH[code]}"}
        data = {
            "code": f"accident-{code}",
            "name": name,
            "type": kind,
            "with": given,
            "scope": {"sku": [sku]},
            "payers": PAYERS,
        }
        now, lin = datetime.now(UTC), viewer("lin")
        room.submit(room.create(data, by=lin, now=now), by=lin, now=now)


if __name__ == "__main__":
    main()
