"""A coupon that was used where our rules did not price it: a till's own redemption, a year that is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from festoon.checkout import limits, refusals
from festoon.checkout.answers import OutsideRedeemed
from festoon.checkout.once import once
from festoon.checkout.queries import outside
from festoon.checkout.request import check_text
from festoon.checkout.statements import COUPON_OUTSIDE, OUTSIDE
from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Plan, Step
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


def record_outside_redemption(
    coupon: str, *, order: str, reason: str, verdict: Mapping[str, Any], at: datetime, by: Viewer, now: datetime
) -> OutsideRedeemed:
    """Mark a coupon as used at `at` for `order`: the `verdict` of our rules is kept, no money of ours is posted.

    `reason` is a code such as `value_unknown`. Naturally idempotent for the same order and reason, also at the same
    moment; raises NotFound, Conflict `coupon_used`.
    """
    by.require("coupons.verify")
    check_text("reason", reason, limits.TEXT, empty=False)
    check_text("order", order, limits.ORDER)
    row = coupons.by_ids(by, [coupon]).get(coupon)
    if row is None:
        raise NotFound("coupon")

    def mark() -> OutsideRedeemed:
        answer: OutsideRedeemed = writer.submit(_plan(row, order, reason, verdict, at, by, now)).result()
        return answer

    return once(lambda: _before(row, order, reason, by), mark)


def _before(row: Coupon, order: str, reason: str, by: Viewer) -> OutsideRedeemed | None:
    """The answer, where this very use is written down already."""
    found = outside(by).filter(coupon=row, order=order, reason=reason).first()
    return None if found is None else OutsideRedeemed(row.id, order, reason, found.at)


def _plan(
    row: Coupon, order: str, reason: str, verdict: Mapping[str, Any], at: datetime, by: Viewer, now: datetime
) -> Plan:
    offer, used = row.template.offer, refusals.coupon_taken()
    values = {
        "coupon": row.id, "merchant": row.merchant_id, "at": at, "order": order, "reason": reason,
        "verdict": json.dumps(dict(verdict), ensure_ascii=False), "by": by.name,
    }  # fmt: skip
    told = {
        "id": f"outside:{row.id}", "kind": "coupon.redeemed_outside", "at": at.astimezone(UTC).isoformat(),
        "merchant": offer.merchant.code, "campaign": offer.campaign.code if offer.campaign else "",
        "offer": offer.code, "shopper": row.shopper.code, "channel": by.channel, "store": by.store,
        "coupon": row.id, "n": row.n, "origin": row.origin, "order": order, "reason": reason,
    }  # fmt: skip
    return Plan(
        verb="redeem_outside",
        by=by.name,
        merchant_id=row.merchant_id,
        at=now,
        row=row.id,
        steps=[Step(COUPON_OUTSIDE, {"coupon": row.id, "at": at}, used), Step(OUTSIDE, values, used)],
        events=[told],
        answer=OutsideRedeemed(row.id, order, reason, at.astimezone(UTC)),
    )
