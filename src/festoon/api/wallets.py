"""What a shopper holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import PathParameter

from festoon.api.door import now, reads
from festoon.api.parts import PRINTABLE, Said
from festoon.catalog import queries as catalog
from festoon.coupons import queries
from festoon.coupons.models import Coupon
from festoon.records.viewer import SYSTEM

MOST = 500
Shopper = Annotated[str, PathParameter(max_length=96, pattern=PRINTABLE, description="The shopper's code.")]


class Held(msgspec.Struct):
    """One coupon that may still be used; `state` is claimed or held (tied to an open hold)."""

    id: str
    code: str | None
    offer: str
    name: Said
    campaign: str
    state: str
    claimed_at: datetime
    expires_at: datetime | None


class Wallet(msgspec.Struct):
    """Every coupon the shopper may still use, the soonest to expire first (at most 500)."""

    shopper: str
    coupons: list[Held]


@reads("/wallets/{shopper:str}", scope="wallet.read", refuses=["not_found", "wrong_length", "wrong_form"])
def wallet(shopper: Shopper, request: Request[Any, Any, Any]) -> Wallet:
    """What a shopper holds. Coupons of other merchants than the key's own and the platform are left out."""
    person = catalog.shopper(SYSTEM, shopper)
    found = queries.wallet(request.user, person.code, now=now()).select_related("template__offer__campaign")
    return Wallet(person.code, [_held(coupon) for coupon in found[:MOST]])


def _held(coupon: Coupon) -> Held:
    offer = coupon.template.offer
    return Held(
        id=coupon.id,
        code=coupon.code,
        offer=offer.code,
        name=Said(offer.name_en, offer.name_zh),
        campaign=offer.campaign.code if offer.campaign else "",
        state=coupon.state,
        claimed_at=coupon.claimed_at,
        expires_at=coupon.expires_at,
    )
