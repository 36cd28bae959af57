"""A shopper takes a coupon."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import Key, now, writes
from festoon.api.parts import Code, Place
from festoon.api.refusals import SHAPE
from festoon.distribution import claims

SCOPE = "claims.write"
REFUSES = (
    *SHAPE, "key_reused", "book_unreadable",
    "no_such_coupon", "not_open", "not_for_you", "not_for_channel", "stopped", "recalled", "limit_reached", "sold_out",
)  # fmt: skip


class ClaimAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which coupon, for which shopper; `scene` is where in the shop it was seen, if that matters."""

    offer: Code
    shopper: Code
    scene: Place = ""


class Claim(msgspec.Struct):
    """The coupon that is now in the shopper's wallet; `code` is what a till reads, `expires_at` null has no end."""

    coupon: str
    offer: str
    shopper: str
    code: str | None
    claimed_at: datetime
    expires_at: datetime | None


@writes("/claims", scope=SCOPE, refuses=REFUSES)
def claim_coupon(data: JSONBody[ClaimAsked], request: Request[Any, Any, Any], key: Key) -> Claim:
    """Claim a coupon for a shopper. Channel and store are the API key's."""
    claimed = claims.claim(data.offer, data.shopper, scene=data.scene, by=request.user, now=now(), key=key)
    return shown(claimed)


def shown(claimed: claims.Claimed) -> Claim:
    """As it is answered."""
    return msgspec.convert(claimed, Claim, from_attributes=True)
