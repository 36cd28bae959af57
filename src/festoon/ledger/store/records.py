"""What one group leaves beside its rows: a transfer an account, one audit row, one outbox row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from festoon.ledger.store import movement
from festoon.ledger.store.connection import Answer, Connection
from festoon.ledger.store.plan import Plan
from festoon.ledger.store.statement import insertion, statement
from festoon.records import audit, events
from festoon.records.canonical import digest
from festoon.records.models import AuditEntry, Outbox

AUDIT = insertion("audit.add", AuditEntry, *audit.SEALED, "digest")
OUTBOX = insertion("outbox.add", Outbox, "at", "kind", "merchant_id", "count", "events")
BARRIER = statement("outbox.barrier", "SELECT 1", postgres=f" FROM pg_advisory_xact_lock_shared({events.BARRIER})")
HEAD = statement(
    "audit.head",
    "SELECT {n}, {e.number}, {e.digest} FROM {e}, {given} WHERE {e.chain} = :chain ORDER BY {e.number} DESC LIMIT 1",
    takes="chain text",
    e=AuditEntry,
)
SEVERAL = "several"


def head(connection: Connection, chain: str) -> Answer:
    """Ask for the last row of this writer's chain, in the transaction that adds to it."""
    return connection.ask(HEAD.now, [{"chain": chain}])


def leave(
    connection: Connection,
    plans: Sequence[Plan],
    notes: Sequence[Mapping[str, Any]],
    chain: str,
    last: Answer,
    *,
    ends: bool,
) -> None:
    """Write the transfers, the audit row and the outbox row of the `plans` that were done; `notes` are events only.

    The audit row follows `last`, the head of the chain. `ends`: first make the other ends that transfers do not find.
    """
    at = max(plan.at for plan in plans)
    _transfers(connection, plans, at, ends=ends)
    _, number, previous = next(iter(last()), (0, 0, audit.FIRST))
    sealed = audit.sealed(chain=chain, number=number + 1, previous=previous, **_audit_row(plans, at))
    connection.ask(AUDIT.now, [{**sealed, "rows": msgspec.json.encode(sealed["rows"]).decode()}])
    told = [*(event for plan in plans for event in plan.events), *notes]
    if told:
        merchants = {plan.merchant_id for plan in plans}
        row = {
            "at": at, "kind": _one(sorted({str(event["kind"]) for event in told})),
            "merchant_id": merchants.pop() if len(merchants) == 1 else 1, "count": len(told),
            "events": events.pack(told),
        }  # fmt: skip
        connection.ask(BARRIER.now, [{}])
        connection.ask(OUTBOX.now, [row])


def _transfers(connection: Connection, plans: Sequence[Plan], at: datetime, *, ends: bool) -> None:
    moves = ((move.account, move.kind, move.amount, plan.row) for plan in plans for move in plan.moves)
    rows = [
        movement.transfer_values(account, kind, amount, json.dumps(named), at)
        for (account, kind), (amount, named) in sorted(movement.fold(moves).items())
    ]
    if rows and ends:
        connection.ask(movement.OTHER.now, [{"account": row["account"], "other": row["other"]} for row in rows])
    if rows:
        connection.ask(movement.TRANSFER.now, rows)


def _audit_row(plans: Sequence[Plan], at: datetime) -> dict[str, Any]:
    rows = [[plan.verb, row, plan.by, plan.key, plan.body] for plan in plans for row in (plan.row, *plan.also)]
    merchants = {plan.merchant_id for plan in plans}
    return {
        "at": at,
        "by": _one([plan.by for plan in plans]),
        "merchant_id": merchants.pop() if len(merchants) == 1 else 1,
        "verb": _one([plan.verb for plan in plans]),
        "subject_kind": "group",
        "subject": plans[0].row if len(plans) == 1 else f"{plans[0].row} and {len(plans) - 1} more",
        "before": "",
        "after": digest(rows),
        "why": "",
        "key": plans[0].key if len(plans) == 1 else "",
        "rows": {"rows": rows},
    }


def _one(names: Sequence[str]) -> str:
    return names[0] if len(set(names)) == 1 else SEVERAL
