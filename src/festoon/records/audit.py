"""The audit: one row for each change of state, chained by hash so that nothing can be changed or left out unseen.

Chains run per connection of a writing process: the rows of one chain are committed one after another, so each names
the hash of the one before. A transaction that is rolled back leaves no gap, for the head is read in the transaction
that adds to it. A daily row binds the heads of all chains: a chain cut short later no longer holds its bound head.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from festoon.records import queries
from festoon.records.canonical import digest
from festoon.records.models import AuditEntry
from festoon.records.viewer import SYSTEM, Viewer

FIRST = "0" * 64
SEALED = (
    "chain", "number", "at", "by", "merchant_id", "verb", "subject_kind", "subject", "before", "after", "why", "key",
    "rows", "previous",
)  # fmt: skip


def record(
    *,
    by: Viewer,
    at: datetime,
    verb: str,
    kind: str,
    subject: str,
    before: str = "",
    after: str = "",
    why: str = "",
    key: str = "",
    rows: Mapping[str, Any] | None = None,
    merchant_id: int | None = None,
) -> AuditEntry:
    """Add one row to this connection's chain, inside the caller's transaction.

    `verb` such as `offers.release`, `kind` and `subject` such as `promotion` and its code, `before` and `after` the
    states, `rows` what else the verb touched; `merchant_id` whose thing it is (default: the viewer's merchant).
    """
    head = queries.HEAD.row({"chain": (chain := _chain())})
    row = sealed(
        chain=chain,
        number=head[0] + 1 if head else 1,
        previous=head[1] if head else FIRST,
        at=at.astimezone(UTC),
        by=by.name,
        merchant_id=by.merchant_id if merchant_id is None else merchant_id,
        verb=verb,
        subject_kind=kind,
        subject=subject,
        before=before,
        after=after,
        why=why,
        key=key,
        rows=dict(rows or {}),
    )
    entry = AuditEntry(**row)
    entry.save(force_insert=True)
    return entry


def sealed(**row: Any) -> dict[str, Any]:
    """The columns of an audit row (all of SEALED) with their digest: for writers that insert by a statement."""
    return {**row, "digest": digest([row[column] for column in SEALED])}


def new_chain() -> str:
    """The name of a chain nobody has begun: machine, process, a random part."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(6)}"


def walk(chain: str) -> list[str]:
    """What is wrong with one chain, in sentences; nothing when every row follows from the one before."""
    problems, previous, number = [], FIRST, 0
    for entry in queries.chain(SYSTEM, chain):
        number += 1
        if entry.number != number:
            problems.append(f"{chain}: row {entry.number} stands where row {number} should")
            number = entry.number
        if entry.previous != previous:
            problems.append(f"{chain}: row {number} does not follow the row before it")
        if entry.digest != digest([_plain(entry, column) for column in SEALED]):
            problems.append(f"{chain}: row {number} was changed after it was written")
        previous = entry.digest
    return problems


def walk_all() -> list[str]:
    """What is wrong with any chain or with any head that was bound."""
    problems = [problem for chain in queries.chains(SYSTEM) for problem in walk(chain)]
    for binding in queries.bindings(SYSTEM):
        for chain, (number, bound) in binding.rows.items():
            if queries.digest_of(SYSTEM, chain, number) != bound:
                problems.append(f"{chain}: row {number}, bound on {binding.at:%Y-%m-%d}, is gone or changed")
    return problems


def bind(*, by: Viewer, at: datetime) -> AuditEntry:
    """Add the daily row that names the head of every chain. Run twice a day, it merely binds again."""
    heads = {head.chain: [head.number, head.digest] for head in queries.heads(SYSTEM)}
    return record(by=by, at=at, verb=queries.BIND, kind="audit", subject=f"{at:%Y-%m-%d}", rows=heads)


def _plain(entry: AuditEntry, column: str) -> Any:
    value = getattr(entry, column)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _chain() -> str:
    """The chain of this connection; a forked process or another thread begins its own."""
    kept: tuple[int, str] | None = getattr(connection, "audit_chain", None)
    if kept is None or kept[0] != os.getpid():
        kept = (os.getpid(), new_chain())
        connection.audit_chain = kept  # type: ignore[attr-defined]
    return kept[1]
