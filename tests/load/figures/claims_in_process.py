"""Durable claims of one hot coupon, 32 claimers in one process, with all that a claim writes in production."""

from __future__ import annotations

import json

from tests.load import truth
from tests.load.figure import Figure, cpu_a_request, figure_of_rounds
from tests.load.house import House
from tests.load.world import HOT_COUPON

ON = ("sqlite", "postgresql")
ROUNDS, SECONDS = 5, "4"


def measure(house: House) -> list[Figure]:
    given, used = 0, 0.0

    def run(n: int) -> float:
        nonlocal given, used
        done = house.run("tests.load.inside", HOT_COUPON, SECONDS, f"in-{n}")
        assert done.returncode == 0, done.stderr[-2000:]
        told = json.loads(done.stdout.splitlines()[-1])
        given, used = given + told["given"], used + told["cpu"]
        truth.claims_are_exact(house, HOT_COUPON, given)
        return float(told["given"] / told["seconds"])

    found = figure_of_rounds("claims_in_process", house, run, ROUNDS, "claims/s", "ratio >= 10")
    return [found | cpu_a_request(used, given) | {"coupons": given}]
