"""Sixteen people writing in the console beside a full load of claims, in one process on SQLite."""

from __future__ import annotations

from tests.load import generator, truth
from tests.load.figure import Figure, asked, told
from tests.load.house import House
from tests.load.world import HOT_COUPON, SHOPPERS, shopper
from tests.load.writers import Writers

ON = ("sqlite",)


def measure(house: House) -> list[Figure]:
    with house.served() as products:
        url = products[0].url
        assert generator.once(url, "/v1/claims", {"offer": HOT_COUPON, "shopper": shopper(0)}) == 201
        alone, _ = asked(products, "claims.lua", HOT_COUPON, SHOPPERS, "alone", seconds=5)
        with Writers(url) as writers:
            beside, used = asked(products, "claims.lua", HOT_COUPON, SHOPPERS, "beside", seconds=10)
        again, _ = asked(products, "claims.lua", HOT_COUPON, SHOPPERS, "again", seconds=5)
        said = products[0].log.read_text()
    if "database is locked" in said or any("locked" in wrong for wrong in writers.wrong):
        raise truth.Wrong("database is locked")
    if writers.wrong:
        raise truth.Wrong(f"{len(writers.wrong)} of {len(writers.took)} writes failed: {writers.wrong[0]}")
    truth.claims_are_exact(house, HOT_COUPON, alone.taken + beside.taken + again.taken)
    written = house.database.number("SELECT count(*) FROM offers_exclusion")
    if written != len(writers.took):
        raise truth.Wrong(f"{len(writers.took)} writes were answered, {written} are there")
    rate = (alone.rate + again.rate) / 2
    return [
        {
            "name": "console_beside_claims", "database": house.kind, "value": round(beside.rate, 1), "unit": "claims/s",
            "anchor": "claims alone, before and after", "anchor_value": round(rate, 1),
            "ratio": round(beside.rate / rate, 2), "goal": "ratio >= 0.7, console p99 <= 250 ms",
            "console_p99_ms": round(writers.p99), "console_writes": len(writers.took), **told(beside, used),
        }
    ]  # fmt: skip
