"""`python -m tests.load.inside OFFER SECONDS MARK [MOST]`: 32 claimers in one process, through the verb itself.

Each claims, waits for its answer, and claims again. With MOST they stop after so many attempts, every fifth of which
is a replay of one before. The last line is JSON: attempts, coupons (each key once), seconds, seconds of CPU.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

CLAIMERS = 32


def main(offer: str, seconds: str, mark: str, most: str = "0") -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    import django

    django.setup()
    from festoon.catalog.machines.actions import digest
    from festoon.catalog.machines.queries import viewer_of
    from festoon.distribution import claims
    from festoon.ledger.store import writer
    from festoon.records.refusal import Refusal
    from tests.load import stage, world

    by = viewer_of(digest(stage.KEY))
    assert by is not None
    claims.claimable(by, offer)  # what a process has read long before the rush
    given: set[str] = set()
    attempts = 0
    until = time.perf_counter() + float(seconds)

    async def claimer() -> None:
        nonlocal attempts
        loop = asyncio.get_running_loop()
        while time.perf_counter() < until and not (int(most) and attempts >= int(most)):
            attempts += 1
            n = attempts - 3 if int(most) and attempts % 5 == 0 else attempts
            asked: dict[str, Any] = {"by": by, "now": datetime.now(UTC), "key": f"{mark}-{n}"}
            try:
                if not claims.ready(offer):
                    await loop.run_in_executor(None, claims.claimable, by, offer)
                future = claims.begin(offer, world.shopper(n % world.SHOPPERS), **asked)
                given.add((await asyncio.wrap_future(future)).coupon)
            except Refusal as refusal:
                if refusal.code not in {"sold_out", "limit_reached"}:
                    raise

    async def all_of_them() -> None:
        await asyncio.gather(*[claimer() for _ in range(CLAIMERS)])

    began, used = time.perf_counter(), time.process_time()
    asyncio.run(all_of_them())
    took, used = time.perf_counter() - began, time.process_time() - used
    writer.close()
    print(json.dumps({"attempts": attempts, "given": len(given), "seconds": took, "cpu": used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
