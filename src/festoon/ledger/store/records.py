"""What one group leaves beside its rows: a transfer an account, one audit row, one outbox row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from festoon.ledger.store import movement
from festoon.ledger.store.connection import Connection
from festoon.ledger.store.crash import crash_point
from festoon.ledger.store.plan import Plan
from festoon.ledger.store.statement import insertion, statement
from festoon.records import audit, events
from festoon.records.models import AuditEntry, Outbox

AUDIT = insertion("audit.add", AuditEntry, *audit.SEALED, "digest")
OUTBOX = insertion("outbox.add", Outbox, "at", "kind", "merchant_id", "count", "events")
BARRIER = statement(
    "outbox.barrier", "SELECT 1", postgres=f" FROM pg_advisory_xact_lock_shared({events.BARRIER})", locks=True
)
SEVERAL = "several"


_json = msgspec.json.Encoder().encode


class Chain:
    """The audit rows of one connection, each naming the one before. Nobody else adds to it, so its end is known here;
    the index on chain and number is the last word. When it is not known whether a commit was done, a new one is begun.
    """

    def __init__(self) -> None:
        self.name = audit.new_chain()
        self._end = self._written = (0, audit.FIRST)

    def add(self, row: Mapping[str, Any], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
        """The columns of the next row, sealed; it counts when `committed`.

        The seal is that of `audit.sealed`, made of the bytes that are written: texts, whole numbers and one key a level
        have one spelling only.
        """
        number, previous = self._end[0] + 1, self._end[1]
        listed = _json(rows)
        written = b'{"rows":%b}' % listed
        made = {
            **row,
            "chain": self.name,
            "number": number,
            "previous": previous,
            "after": sha256(listed).hexdigest(),
        }
        said = {**made, "at": made["at"].isoformat(), "rows": msgspec.Raw(written)}
        sealed = sha256(_json([said[column] for column in audit.SEALED])).hexdigest()
        self._written = (number, sealed)
        return {**made, "rows": written.decode(), "digest": sealed}

    def committed(self) -> None:
        """The row that was added last is there."""
        self._end = self._written


def leave(
    connection: Connection, plans: Sequence[Plan], notes: Sequence[Mapping[str, Any]], chain: Chain, *, ends: bool
) -> None:
    """Write the transfers, the audit row and the outbox row of the `plans` that were done; `notes` are events only.

    `ends`: first make the other ends that transfers do not find.
    """
    at = max(plan.at for plan in plans).astimezone(UTC)
    _transfers(connection, plans, at, ends=ends)
    crash_point("group.transferred")
    connection.ask(AUDIT.now, [chain.add(_audit_row(plans, at), _audited(plans))])
    crash_point("group.audited")
    told = [*(event for plan in plans for event in plan.events), *notes]
    if told:
        kinds, merchants = {event["kind"] for event in told}, {plan.merchant_id for plan in plans}
        row = {
            "at": at, "kind": _one(kinds),
            "merchant_id": merchants.pop() if len(merchants) == 1 else 1, "count": len(told),
            "events": events.pack(told),
        }  # fmt: skip
        connection.ask(BARRIER.now, [{}])
        connection.ask(OUTBOX.now, [row])


def _transfers(connection: Connection, plans: Sequence[Plan], at: datetime, *, ends: bool) -> None:
    moves = ((move.account, move.kind, move.amount, plan.row) for plan in plans for move in plan.moves)
    rows = [
        movement.transfer_values(account, kind, amount, _json(named).decode(), at)
        for (account, kind), (amount, named) in sorted(movement.fold(moves).items())
    ]
    if rows and ends:
        connection.ask(movement.OTHER.now, [{"account": row["account"], "other": row["other"]} for row in rows])
    if rows:
        connection.ask(movement.TRANSFER.now, rows)


def _audited(plans: Sequence[Plan]) -> list[list[str]]:
    return [[plan.verb, row, plan.by, plan.key, plan.body] for plan in plans for row in (plan.row, *plan.also)]


def _audit_row(plans: Sequence[Plan], at: datetime) -> dict[str, Any]:
    merchants = {plan.merchant_id for plan in plans}
    return {
        "at": at,
        "by": _one({plan.by for plan in plans}),
        "merchant_id": merchants.pop() if len(merchants) == 1 else 1,
        "verb": _one({plan.verb for plan in plans}),
        "subject_kind": "group",
        "subject": plans[0].row if len(plans) == 1 else f"{plans[0].row} and {len(plans) - 1} more",
        "before": "",
        "why": "",
        "key": plans[0].key if len(plans) == 1 else "",
    }


def _one(names: set[str]) -> str:
    return names.pop() if len(names) == 1 else SEVERAL
