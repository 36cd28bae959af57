"""Nothing happened that is not recorded, and nothing recorded was changed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from festoon.base.words import Words
from festoon.checkout import queries
from festoon.checkout.invariants import Finding, Invariant
from festoon.coupons import queries as coupons
from festoon.records import audit, events
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM

TOLD = ("coupon.claimed", "hold.made", "order.redeemed", "order.refunded")


def chains(_now: datetime) -> Finding:
    """Every chain of audit rows follows from its first row, and every bound head is there."""
    return Finding(records.visible(SYSTEM).count(), audit.walk_all())


def rows_are_told(_now: datetime) -> Finding:
    """One event for each coupon claimed, hold made, redemption and refund: none without its row, no row without it."""
    told: Counter[tuple[str, str]] = Counter()
    for row in records.outbox(SYSTEM).filter(kind__in=[*TOLD, "several"]).iterator(chunk_size=200):
        told.update((event["kind"], event["id"]) for event in events.unpack(bytes(row.events)) if event["kind"] in TOLD)
    there = {
        *(("coupon.claimed", f"claim:{n}") for n in _ids(coupons.visible(SYSTEM).filter(origin="claimed"))),
        *(("hold.made", f"hold:{n}") for n in _ids(queries.visible(SYSTEM))),
        *(("order.redeemed", f"redeem:{n}") for n in _ids(queries.redemptions(SYSTEM))),
        *(("order.refunded", f"refund:{n}") for n in _ids(queries.refunds(SYSTEM))),
    }
    problems = [f"{number}: no {kind} event" for kind, number in sorted(there - told.keys())[:100]]
    problems += [f"{number}: a {kind} event without its row" for kind, number in sorted(told.keys() - there)[:100]]
    problems += [f"{number}: told {count} times" for (_, number), count in told.items() if count > 1]
    return Finding(len(there), problems)


def hot_rows_are_audited(_now: datetime) -> Finding:
    """Every hold, redemption, refund and claimed coupon is named by an audit row of the group that wrote it."""
    named: Counter[str] = Counter()
    for entry in records.visible(SYSTEM).filter(subject_kind="group").order_by().iterator(chunk_size=500):
        named.update(row[1] for row in entry.rows["rows"] if row[0] in {"claim", "hold", "redeem", "verify", "refund"})
    there = [
        *_ids(coupons.visible(SYSTEM).filter(origin="claimed")),
        *_ids(queries.visible(SYSTEM)),
        *_ids(queries.redemptions(SYSTEM)),
        *_ids(queries.refunds(SYSTEM)),
    ]
    problems = [f"{number} is named by {named[number]} audit rows" for number in there if named[number] != 1]
    return Finding(len(there), problems[:100])


def _ids(rows: object) -> list[str]:
    found: list[str] = list(rows.order_by().values_list("id", flat=True))  # type: ignore[attr-defined]
    return found


INVARIANTS = [
    Invariant("chains", Words(en="The audit is whole and unchanged", zh="审计链完整未改"), chains),
    Invariant("told", Words(en="One event for each thing that happened", zh="事件与记录一一对应"), rows_are_told),
    Invariant("audited", Words(en="Each hot write is named in the audit", zh="每次写入都有审计"), hot_rows_are_audited),
]
