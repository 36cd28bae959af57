"""What each kind of movement does to an account's counters, and the transfer it leaves.

Every transfer has two ends: the account, and one that stands for where the thing came from or went to (`world`
outside, `reserved` by holds, `used`), one of each for a unit. Those three keep no counters: their balance is the
fold of their transfers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.ledger.models import Account, Transfer
from festoon.ledger.store.statement import statement


@dataclass(frozen=True, slots=True)
class Kind:
    """How a movement of one counts: granted, held, spent; the other end; whether the account gives or takes."""

    granted: int
    held: int
    spent: int
    other: str
    gives: bool


KINDS: Mapping[str, Kind] = {
    "grant": Kind(1, 0, 0, "world", gives=False),
    "hold": Kind(0, 1, 0, "reserved", gives=True),
    "void": Kind(0, -1, 0, "reserved", gives=False),
    "expire": Kind(0, -1, 0, "reserved", gives=False),
    "post": Kind(0, -1, 1, "used", gives=True),
    "spend": Kind(0, 0, 1, "used", gives=True),
    "reverse": Kind(0, 0, -1, "used", gives=False),
}
OTHERS = ("world", "reserved", "used")

LOCK = statement(
    "accounts.lock",
    "SELECT {n}, {a}.{a.code}, {a}.{a.limited}, {a}.{a.granted} - {a}.{a.held} - {a}.{a.spent} FROM {a}, {given}"
    " WHERE {a}.{a.code} = :account ORDER BY {a}.{a.code}",
    takes="account text",
    postgres=" FOR NO KEY UPDATE OF {a}",
    a=Account,
)
"""Locks accounts in the order of their codes, and says whether each is limited and what is free."""
MOVE = statement(
    "account.move",
    "UPDATE {a} SET {a.granted} = {a}.{a.granted} + :granted, {a.held} = {a}.{a.held} + :held,"
    " {a.spent} = {a}.{a.spent} + :spent FROM {given} WHERE {a}.{a.code} = :account",
    takes="account text, granted bigint, held bigint, spent bigint",
    a=Account,
)
OTHER = statement(
    "account.other",
    "INSERT INTO {a} ({a.code}, {a.merchant_id}, {a.kind}, {a.unit}, {a.limited}, {a.granted}, {a.held}, {a.spent})"
    " SELECT DISTINCT :other || mine.{a.unit}, 1, 'other', mine.{a.unit}, FALSE, 0, 0, 0 FROM {given}, {a} AS mine"
    " WHERE mine.{a.code} = :account"
    " AND NOT EXISTS (SELECT 1 FROM {a} AS there WHERE there.{a.code} = :other || mine.{a.unit})",
    takes="account text, other text",
    sure=True,
    a=Account,
)
TRANSFER = statement(
    "transfer.add",
    "INSERT INTO {t} ({t.at}, {t.kind}, {t.amount}, {t.rows}, {t.debit}, {t.credit})"
    " SELECT :at, :kind, :amount, :rows, CASE WHEN :gives THEN mine.id ELSE other.id END,"
    " CASE WHEN :gives THEN other.id ELSE mine.id END FROM {given} CROSS JOIN {a} AS mine"
    " LEFT JOIN {a} AS other ON other.{a.code} = :other || mine.{a.unit} WHERE mine.{a.code} = :account",
    takes="at timestamptz, kind text, amount bigint, rows jsonb, gives boolean, other text, account text",
    sure=True,
    t=Transfer,
    a=Account,
)
"""Where there is no other end, the transfer breaks a constraint: none is ever left out."""


def deltas(kind: str, amount: int) -> dict[str, int]:
    """What a movement adds to the three counters."""
    how = KINDS[kind]
    return {"granted": how.granted * amount, "held": how.held * amount, "spent": how.spent * amount}


def fold(moves: Iterable[tuple[str, str, int, str]]) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """(account, kind, amount, row) summed: one transfer an account and kind, naming its rows once each."""
    sums: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for account, kind, amount, row in moves:
        total, rows = sums.get((account, kind)) or (0, [])
        if not rows or rows[-1] != row:
            rows.append(row)
        sums[account, kind] = total + amount, rows
    return sums


def transfer_values(account: str, kind: str, amount: int, rows: str, at: datetime) -> dict[str, Any]:
    """The parameters of TRANSFER; `rows` is JSON."""
    how = KINDS[kind]
    return {
        "account": account,
        "kind": kind,
        "amount": amount,
        "rows": rows,
        "at": at,
        "gives": how.gives,
        "other": f"{how.other}:",
    }
