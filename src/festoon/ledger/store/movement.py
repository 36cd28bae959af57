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
from festoon.ledger.store.statement import insertion, statement


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
    "SELECT {a.code} FROM {a} WHERE {a.code} IN (SELECT value FROM json_each(:codes)) ORDER BY {a.code}",
    postgres="SELECT {a.code} FROM {a} WHERE {a.code} = ANY(:codes) ORDER BY {a.code} FOR NO KEY UPDATE",
    a=Account,
)
MOVE = statement(
    "account.move",
    "UPDATE {a} SET {a.granted} = {a.granted} + :granted, {a.held} = {a.held} + :held, "
    "{a.spent} = {a.spent} + :spent WHERE {a.code} = :account",
    a=Account,
)
OPEN = insertion("account.open", Account, "code", "merchant_id", "kind", "unit", "limited", "granted", "held", "spent",
                 ignore=True)  # fmt: skip
OTHER = statement(
    "account.other",
    "INSERT INTO {a} ({a.code}, {a.merchant_id}, {a.kind}, {a.unit}, {a.limited}, {a.granted}, {a.held}, {a.spent}) "
    "SELECT :other || mine.unit, 1, 'other', mine.unit, :limited, 0, 0, 0 FROM {a} AS mine WHERE mine.code = :account "
    "ON CONFLICT DO NOTHING",
    postgres="INSERT INTO {a} ({a.code}, {a.merchant_id}, {a.kind}, {a.unit}, {a.limited}, {a.granted}, {a.held}, "
    "{a.spent}) SELECT CAST(:other AS text) || mine.unit, 1, 'other', mine.unit, CAST(:limited AS boolean), 0, 0, 0 "
    "FROM {a} AS mine WHERE mine.code = :account ON CONFLICT DO NOTHING",
    a=Account,
)
_BOTH_ENDS = (
    "INSERT INTO {t} ({t.at}, {t.kind}, {t.amount}, {t.rows}, {t.debit}, {t.credit}) "
    "SELECT %s, %s, %s, %s, CASE WHEN %s THEN mine.id ELSE other.id END, CASE WHEN %s THEN other.id ELSE mine.id END "
    "FROM {a} AS mine JOIN {a} AS other ON other.code = %s || mine.unit WHERE mine.code = :account"
)
TRANSFER = statement(
    "transfer.add",
    _BOTH_ENDS % (":at", ":kind", ":amount", ":rows", ":gives", ":gives", ":other"),
    postgres=_BOTH_ENDS
    % (
        "CAST(:at AS timestamptz)",
        "CAST(:kind AS text)",
        "CAST(:amount AS bigint)",
        "CAST(:rows AS jsonb)",
        "CAST(:gives AS boolean)",
        "CAST(:gives AS boolean)",
        "CAST(:other AS text)",
    ),
    t=Transfer,
    a=Account,
)


def deltas(kind: str, amount: int) -> dict[str, int]:
    """What a movement adds to the three counters."""
    how = KINDS[kind]
    return {"granted": how.granted * amount, "held": how.held * amount, "spent": how.spent * amount}


def fold(moves: Iterable[tuple[str, str, int, str]]) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """(account, kind, amount, row) summed: one transfer an account and kind, naming its rows once each."""
    sums: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for account, kind, amount, row in moves:
        total, rows = sums.get((account, kind), (0, []))
        sums[account, kind] = (total + amount, rows if row in rows[-1:] else [*rows, row])
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
