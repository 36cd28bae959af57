"""What must be true after every crash, read from the database past the product."""

from __future__ import annotations

from tests.faults.client_log import ClientLog
from tests.faults.database import Database
from tests.faults.product import Product

MADE = {
    "claims": ("coupons_coupon", "coupon"),
    "holds": ("checkout_hold", "hold"),
    "redemptions": ("checkout_redemption", "redemption"),
    "refunds": ("checkout_refund", "refund"),
}
"""Verb of /v1 → the table of what it makes, and the field of its answer that names the row."""


def nothing_is_lost(log: ClientLog, database: Database) -> None:
    """Whatever was acknowledged is there, under the name that was answered."""
    for verb, (table, field) in MADE.items():
        there = {row["id"]: row["key"] for row in database.rows(f"SELECT id, key FROM {table} WHERE key IS NOT NULL")}
        for entry in log.acknowledged:
            if entry.verb == verb and not entry.path.endswith("/cancel"):
                assert there.get(entry.answer.body[field]) == entry.key, f"{entry.path} {entry.key} was acknowledged"


def nothing_is_there_that_nobody_asked_for(log: ClientLog, database: Database) -> None:
    """One row for each key that was answered with success, none else: nothing doubled, nothing half done."""
    for verb, (table, _) in MADE.items():
        asked = sorted({e.key for e in log.acknowledged if e.verb == verb and not e.path.endswith("/cancel")})
        there = sorted(row["key"] for row in database.rows(f"SELECT key FROM {table} WHERE key IS NOT NULL"))
        assert there == asked, f"{table}: {set(there) ^ set(asked)}"


def counters_agree_with_rows(database: Database) -> None:
    """What the accounts say is the number of rows, and the fold of the transfers; no limit is passed."""
    for row in database.rows(
        "SELECT a.code, a.limited, a.granted, a.spent, (SELECT count(*) FROM coupons_coupon c WHERE c.template_id = t.id) AS issued"
        " FROM coupons_template t JOIN ledger_account a ON a.id = t.stock_id"
    ):
        assert row["spent"] == row["issued"], row
        assert row["issued"] <= row["granted"] or not row["limited"], row
    assert database.number("SELECT count(*) FROM ledger_account WHERE limited AND held + spent > granted") == 0
    assert database.rows(
        "SELECT coupon_id FROM checkout_couponuse WHERE live GROUP BY coupon_id HAVING count(*) > 1"
    ) == []  # fmt: skip


def answers_are_given_again(again: list[tuple[object, object]]) -> None:
    """A retry of what was acknowledged gets the first answer."""
    for entry, answer in again:
        assert (answer.status, answer.body) == (entry.answer.status, entry.answer.body), f"{entry.path} {entry.key}"


def audit_passes(product: Product) -> None:
    """`festoon audit` finds every invariant kept."""
    done = product.run("audit")
    assert done.returncode == 0, done.stdout + done.stderr
