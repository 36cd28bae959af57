"""A hold is used: the order was placed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import Key, now, writes
from festoon.api.parts import Code, Id, Place
from festoon.api.refusals import SHAPE
from festoon.checkout import redemptions

REFUSES = (
    *SHAPE, "key_reused",
    "not_found", "already_redeemed", "hold_closed", "expired", "not_here", "not_judged", "hold_moved",
)  # fmt: skip


class RedemptionAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which hold, for which order of the shop's."""

    hold: Id
    order: Code
    scene: Place = ""


class Redemption(msgspec.Struct):
    """The hold, posted, once over all channels. `late`: after its end, the same amounts were taken again."""

    redemption: str
    hold: str
    order: str
    paid: int
    currency: str
    late: bool
    at: datetime


@writes("/redemptions", scope="redemptions.write", refuses=REFUSES)
def redeem_hold(data: JSONBody[RedemptionAsked], request: Request[Any, Any, Any], key: Key) -> Redemption:
    """Redeem a hold: what it reserved is spent. Where coupons may be used is judged again by the API key's channel."""
    done = redemptions.redeem(data.hold, order=data.order, scene=data.scene, by=request.user, now=now(), key=key)
    return msgspec.convert(done, Redemption, from_attributes=True)
