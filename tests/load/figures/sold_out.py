"""A coupon that is gone, asked for by everybody: answered from memory, without one row written."""

from __future__ import annotations

from tests.load import generator, truth
from tests.load.figure import Figure, asked, figure, told
from tests.load.house import House
from tests.load.world import GONE, SHOPPERS, shopper

ON = ("sqlite", "postgresql")
KEPT = ("coupons_coupon", "ledger_transfer", "records_auditentry", "records_key", "ledger_account")


def measure(house: House) -> list[Figure]:
    with house.served("--doors", "api") as products:
        first = {"offer": GONE, "shopper": shopper(0)}
        assert generator.once(products[0].url, "/v1/claims", first) == 201
        before = _rows(house)
        said, used = asked(products, "claims.lua", GONE, SHOPPERS, "gone", seconds=5)
    if (after := _rows(house)) != before:
        raise truth.Wrong(f"a refused claim wrote something: {before} → {after}")
    assert said.refused == said.requests, f"{said.requests - said.refused} answers were not `sold out`"
    truth.claims_are_exact(house, GONE, 1)
    return [figure("sold_out", house, said.rate, "answers/s", goal=">= 1500/s, no write", **told(said, used))]


def _rows(house: House) -> dict[str, int]:
    """Rows of every table a claim writes; what went away empty is counted in the events, and only there."""
    found = {table: house.database.number(f"SELECT count(*) FROM {table}") for table in KEPT}
    return found | {"moved": house.database.number("SELECT sum(granted + held + spent) FROM ledger_account")}
