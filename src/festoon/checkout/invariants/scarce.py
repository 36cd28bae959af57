"""Nothing scarce is given twice."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from festoon.base.words import Words
from festoon.checkout import queries
from festoon.checkout.invariants import Finding, Invariant
from festoon.checkout.limits import GRACE
from festoon.coupons import queries as coupons
from festoon.records.viewer import SYSTEM


def stock(_now: datetime) -> Finding:
    """Coupons issued = stock spent, for every template, and ≤ stock granted where the stock is limited."""
    rows = coupons.templates(SYSTEM).annotate(issued=Count("coupons"))
    problems = [
        f"{row.offer.code}: {row.issued} coupons, {row.stock.spent} taken from a stock of {row.stock.granted}"
        for row in rows
        if row.issued != row.stock.spent or (row.stock.limited and row.issued > row.stock.granted)
    ]
    return Finding(len(rows), problems)


def one_use(_now: datetime) -> Finding:
    """A coupon has at most one live use, and its state says which: held, redeemed, or none."""
    rows = coupons.visible(SYSTEM).annotate(
        live=Count("uses", filter=Q(uses__live=True)),
        held=Count("uses", filter=Q(uses__live=True, uses__hold__state="held")),
        posted=Count("uses", filter=Q(uses__live=True, uses__hold__state="redeemed")),
        outside=Count("outsideredemption", distinct=True),
    )
    right = (
        Q(state__in=("claimed", "void"), live=0, outside=0)
        | Q(state="held", live=1, held=1, outside=0)
        | Q(state="redeemed", live=1, posted=1, outside=0)
        | Q(state="redeemed", live=0, outside=1)
    )
    problems = [
        f"coupon {row.id} is {row.state}, has {row.live} live uses and {row.outside} outside redemptions"
        for row in rows.exclude(right)[:100]
    ]
    return Finding(coupons.visible(SYSTEM).count(), problems)


def holds_end(now: datetime) -> Finding:
    """No hold is open past its end and a minute; a hold is redeemed when, and only when, it has its redemption."""
    rows = queries.visible(SYSTEM)
    open_too_long = rows.filter(state="held", expires_at__lt=now - GRACE)
    unmatched = rows.filter(
        Q(state="redeemed", redemption__isnull=True) | (~Q(state="redeemed") & Q(redemption__isnull=False))
    )
    problems = [f"hold {row.id} is open though it ended at {row.expires_at.isoformat()}" for row in open_too_long[:100]]
    problems += [f"hold {row.id} is {row.state} and its redemption says otherwise" for row in unmatched[:100]]
    return Finding(rows.count(), problems)


INVARIANTS = [
    Invariant("stock", Words(en="Coupons issued = stock taken ≤ stock", zh="发券数 = 已扣库存 ≤ 库存"), stock),
    Invariant("one_use", Words(en="A coupon serves at most one order", zh="一张券至多用于一单"), one_use),
    Invariant("holds_end", Words(en="No hold outlives its end", zh="占用按时释放"), holds_end),
]
