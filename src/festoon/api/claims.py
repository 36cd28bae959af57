"""A shopper takes a coupon."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import Key, now, writes
from festoon.api.parts import Code, Place
from festoon.api.refusals import SHAPE
from festoon.distribution import by_code, claims

SCOPE = "claims.write"
REFUSES = (
    *SHAPE, "key_reused", "book_unreadable",
    "no_such_coupon", "not_open", "not_for_you", "not_for_channel", "stopped", "recalled", "device_needed",
    "limit_reached", "sold_out",
)  # fmt: skip
CODE_REFUSES = (*SHAPE, "key_reused", "book_unreadable", "no_such_code", "too_many_tries")
Near = Annotated[
    str,
    msgspec.Meta(
        max_length=96, pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$", description="An address or device; empty for none."
    ),
]


class ClaimAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which coupon, for which shopper; `scene` is where in the shop it was seen, if that matters.

    `device` is the shopper's device or address as the shop knows it. A coupon that is limited by device needs it; no clear
    text of it is kept. A retry with the same key may come from another one.
    """

    offer: Code
    shopper: Code
    scene: Place = ""
    device: Near = ""


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
    claimed = claims.claim(
        data.offer, data.shopper, scene=data.scene, device=data.device, by=request.user, now=now(), key=key
    )
    return shown(claimed)


def shown(claimed: claims.Claimed) -> Claim:
    """As it is answered."""
    return msgspec.convert(claimed, Claim, from_attributes=True)


class CodeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A code from a flyer or a partner, as the shopper typed or scanned it.

    `near` is the shopper's address or device as the shop knows it: ten wrong codes in five minutes from there, or by
    one shopper, and no further one is looked at for a while. A coupon that is limited by device needs it.
    """

    code: Code
    shopper: Code
    scene: Place = ""
    near: Near = ""


@writes("/claims/by-code", scope="claims.write", refuses=CODE_REFUSES)
def claim_by_code(data: JSONBody[CodeAsked], request: Request[Any, Any, Any], key: Key) -> Claim:
    """Claim the coupon a printed code stands for. Every code that leads nowhere gets the same answer."""
    claimed = by_code.claim_by_code(
        data.code, data.shopper, scene=data.scene, near=data.near, by=request.user, now=now(), key=key
    )
    return msgspec.convert(claimed, Claim, from_attributes=True)
