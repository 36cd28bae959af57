"""Nothing happened that is not recorded, and nothing recorded was changed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from festoon.base.words import Words
from festoon.checkout import queries
from festoon.checkout.invariants import Finding, Invariant
from festoon.coupons import queries as coupons
from festoon.records import audit
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM


def chains(_now: datetime) -> Finding:
    """Every chain of audit rows follows from its first row, and every bound head is there."""
    return Finding(records.visible(SYSTEM).count(), audit.walk_all())


def hot_rows_are_audited(_now: datetime) -> Finding:
    """Every hold, redemption, refund and claimed coupon is named by an audit row of the group that wrote it."""
    named: Counter[str] = Counter()
    for entry in records.visible(SYSTEM).filter(subject_kind="group").order_by().iterator(chunk_size=500):
        named.update(row[1] for row in entry.rows["rows"] if row[0] in {"claim", "hold", "redeem", "verify", "refund"})
    there = [
        *numbers_of(coupons.visible(SYSTEM).filter(origin="claimed")),
        *numbers_of(queries.visible(SYSTEM)),
        *numbers_of(queries.redemptions(SYSTEM)),
        *numbers_of(queries.refunds(SYSTEM)),
    ]
    problems = [f"{number} is named by {named[number]} audit rows" for number in there if named[number] != 1]
    return Finding(len(there), problems[:100])


def numbers_of(rows: object) -> list[str]:
    """The ids of rows."""
    found: list[str] = list(rows.order_by().values_list("id", flat=True))  # type: ignore[attr-defined]
    return found


INVARIANTS = [
    Invariant("chains", Words(en="The audit is whole and unchanged", zh="审计链完整未改"), chains),
    Invariant("audited", Words(en="Each hot write is named in the audit", zh="每次写入都有审计"), hot_rows_are_audited),
]
