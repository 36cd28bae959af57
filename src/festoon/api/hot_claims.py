"""POST /v1/claims on the server's loop: nothing is asked before the store, and the store answers a promise."""

from __future__ import annotations

import msgspec
from litestar.concurrency import sync_to_thread

from festoon.api.claims import SCOPE, Claim, ClaimAsked, shown
from festoon.api.door import fresh, now
from festoon.api.hot import Route
from festoon.distribution import claims
from festoon.ledger.store.promise import on_loop
from festoon.records.viewer import Viewer


def route() -> Route:
    """What stands before the endpoint."""
    return Route(SCOPE, msgspec.json.Decoder(ClaimAsked).decode, answer, keyed=True, status=201)


async def answer(data: ClaimAsked, by: Viewer, key: str) -> Claim:
    """Claim the coupon; in a thread where something must be read first: the coupon anew, or who is in a segment."""
    at = now()
    if not claims.ready(data.offer):
        claimed = await sync_to_thread(
            fresh(claims.claim), data.offer, data.shopper, scene=data.scene, device=data.device, by=by, now=at, key=key
        )
    else:
        claimed = await on_loop(
            claims.begin(data.offer, data.shopper, scene=data.scene, device=data.device, by=by, now=at, key=key)
        )
    return shown(claimed)
