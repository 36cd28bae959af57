"""After each run: claims = coupons = events = transfers, and every invariant of the product. Else there is no figure."""

from __future__ import annotations

import json
import zlib
from collections import Counter

from tests.load.house import House


class Wrong(Exception):
    """The run gave a wrong answer: it has no figure."""


def claims_are_exact(house: House, offer: str, answered: int | None = None) -> int:
    """How many coupons of the offer were given; raises Wrong where rows, events and transfers differ.

    `answered`: how many claims were answered with a coupon, each once; the database may hold more, of answers nobody
    waited for when the run ended, and never fewer.
    """
    rows = house.database.number(
        "SELECT count(*) FROM coupons_coupon c JOIN coupons_template t ON t.id = c.template_id"
        f" JOIN offers_offer o ON o.id = t.offer_id WHERE o.code = '{offer}'"
    )
    spent = house.database.number(f"SELECT spent FROM ledger_account WHERE code = 'stock:{offer}'")
    moved = house.database.number(
        "SELECT sum(t.amount) FROM ledger_transfer t JOIN ledger_account a ON a.id = t.debit_id"
        f" WHERE a.code = 'stock:{offer}' AND t.kind = 'spend'"
    )
    told = _events(house)[("coupon.claimed", offer)]
    if not rows == spent == moved == told:
        raise Wrong(f"{offer}: {rows} coupons, {spent} spent, {moved} moved, {told} events")
    if answered is not None and rows < answered:
        raise Wrong(f"{offer}: {answered} claims were answered, {rows} coupons are there")
    return rows


def budget_is_whole(house: House, account: str) -> tuple[int, int]:
    """What was granted and spent of a budget; raises Wrong where holds or transfers say something else."""
    (row,) = house.database.rows(f"SELECT granted, held, spent FROM ledger_account WHERE code = '{account}'")
    if row["held"] + row["spent"] > row["granted"]:
        raise Wrong(f"{account}: overspent, {row}")
    return row["granted"], row["spent"]


def everything_holds(house: House) -> None:
    """`festoon audit`; raises Wrong with what it says."""
    done = house.run("festoon.cli", "audit")
    if done.returncode:
        raise Wrong(done.stdout[-3000:] + done.stderr[-1000:])


def _events(house: House) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for row in house.database.rows("SELECT events FROM records_outbox"):
        for event in json.loads(zlib.decompress(bytes(row["events"]))):
            found[event["kind"], event.get("offer", "")] += 1
    return found
