"""`python -m tests.load.inside OFFER SECONDS MARK [MOST]`: 32 claimers in one process, through the verb itself.

Each claims, waits for its answer, and claims again. With MOST they stop after so many attempts, every fifth of which
is a replay of one before. The last line is JSON: attempts, coupons (each key once), seconds, seconds of CPU.
"""

from __future__ import annotations

import json
import os
import sys
import threading
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
    from festoon.ledger.store.promise import Promise
    from festoon.records.refusal import Refusal
    from tests.load import stage, world

    by = viewer_of(digest(stage.KEY))
    assert by is not None
    claims.claimable(by, offer)  # what a process has read long before the rush
    given: set[str] = set()
    odd: list[BaseException] = []
    attempts = 0
    until = time.perf_counter() + float(seconds)

    left = CLAIMERS
    ended = threading.Event()

    def claim_again(answered: Promise[Any] | None = None) -> None:
        """One claimer: takes the answer, and asks anew at once, in the thread that brought it."""
        nonlocal attempts, left
        if answered is not None:
            _note(answered)
        if time.perf_counter() >= until or (int(most) and attempts >= int(most)):
            left -= 1
            if not left:
                ended.set()
            return
        attempts += 1
        n = attempts - 3 if int(most) and attempts % 5 == 0 else attempts
        shopper = world.shopper(n % world.SHOPPERS)
        asked = claims.begin(offer, shopper, by=by, now=datetime.now(UTC), key=f"{mark}-{n}")
        asked.add_done_callback(claim_again)

    def _note(answered: Promise[Any]) -> None:
        error = answered.exception()
        if error is None:
            given.add(answered.result().coupon)
        elif not isinstance(error, Refusal) or error.code not in {"sold_out", "limit_reached"}:
            odd.append(error)

    began, used = time.perf_counter(), time.process_time()
    for _ in range(CLAIMERS):
        claim_again()
    ended.wait(float(seconds) + 30)
    took, used = time.perf_counter() - began, time.process_time() - used
    writer.close()
    if odd:
        raise odd[0]
    print(json.dumps({"attempts": attempts, "given": len(given), "seconds": took, "cpu": used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
