"""Durable claims of one hot coupon, 32 claimers in one process, with all that a claim writes in production."""

from __future__ import annotations

import json

from tests.load import truth
from tests.load.figure import Figure, figure
from tests.load.house import House
from tests.load.world import HOT_COUPON

ON = ("sqlite", "postgresql")


def measure(house: House) -> list[Figure]:
    done = house.run("tests.load.inside", HOT_COUPON, "5", "in")
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    rows = truth.claims_are_exact(house, HOT_COUPON, told["given"])
    rate = told["given"] / told["seconds"]
    more = {"cpu_us": round(told["cpu"] / told["given"] * 1e6), "coupons": rows}
    return [figure("claims_in_process", house, rate, "claims/s", goal="ratio >= 10", **more)]
