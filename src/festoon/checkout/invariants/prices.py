"""Every held price adds up to the minor unit, and no more goes back than was paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Sum

from festoon.base.words import Words
from festoon.checkout import queries
from festoon.checkout.holds import price_of
from festoon.checkout.invariants import Finding, Invariant
from festoon.records.viewer import SYSTEM


def shares(_now: datetime) -> Finding:
    """Shares of units = discounts of lines = discount of the order = what the payers pay; nothing below zero."""
    problems, cases = [], 0
    for row in queries.visible(SYSTEM).order_by("id").iterator(chunk_size=200):
        cases += 1
        price: Mapping[str, Any] = price_of(row)
        if wrong := _wrong(price) or ("payable" if price["totals"]["payable"] != row.payable else ""):
            problems.append(f"hold {row.id}: {wrong} does not add up")
    return Finding(cases, problems)


def _wrong(price: Mapping[str, Any]) -> str:
    totals, parts = price["totals"], [*price["lines"], price["shipping"]]
    for line in price["lines"]:
        units = line["units"]
        if sum(unit["payable"] for unit in units) != line["payable"] or min(unit["payable"] for unit in units) < 0:
            return f"line {line['id']}"
        if any(unit["payable"] + _sum(unit["shares"]) != line["unit_price"] for unit in units):
            return f"a unit of line {line['id']}"
    for part in parts:
        if part["list"] - part["discount"] != part["payable"] or _sum(part["shares"]) != part["discount"]:
            return "a discount"
    if sum(part["payable"] for part in parts) != totals["payable"]:
        return "the order"
    if sum(part["discount"] for part in parts) != totals["discount"] or _sum(price["offers"]) != totals["discount"]:
        return "the discount"
    return "" if all(sum(each["payers"].values()) == each["amount"] for each in price["offers"]) else "a payer"


def _sum(shares: list[Mapping[str, Any]]) -> int:
    return sum(share["amount"] for share in shares)


def refunds(_now: datetime) -> Finding:
    """Refunds ≤ paid, and exactly paid once the last unit is back."""
    rows = queries.redemptions(SYSTEM).annotate(given=Sum("refunds__amount"))
    problems = [
        f"redemption {row.id}: {row.given or 0} refunded, {row.refunded} counted, {row.paid} paid"
        for row in rows.exclude(refunded=0, given=None)
        if (row.given or 0) != row.refunded or row.refunded > row.paid
    ]
    for row in queries.redemptions(SYSTEM).annotate(back=Count("refundedunit")).filter(back__gt=0):
        lines: list[Mapping[str, Any]] = price_of(row.hold)["lines"]  # type: ignore[assignment]
        if row.back == sum(line["quantity"] for line in lines) and row.refunded != row.paid:
            problems.append(f"redemption {row.id}: all is back, {row.refunded} of {row.paid} refunded")
    return Finding(rows.count(), problems)


def paid(_now: datetime) -> Finding:
    """A redemption is paid exactly what its hold said."""
    rows = queries.redemptions(SYSTEM)
    problems = [
        f"redemption {row.id}: paid {row.paid}, held {row.hold.payable}"
        for row in rows.exclude(paid=F("hold__payable"))
    ]
    return Finding(rows.count(), problems)


INVARIANTS = [
    Invariant("paid", Words(en="A redemption is exactly its hold", zh="核销额 = 占用额"), paid),
    Invariant("refunds", Words(en="Refunds never exceed what was paid", zh="退款不超过实付"), refunds),
    Invariant(
        "shares", Words(en="Shares add up to the discount and to the payers", zh="分摊之和 = 优惠 = 各方承担"), shares
    ),
]
