"""A token by which the shop's pages know a shopper: asked for by the shop's server, short-lived, signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import asks, now
from festoon.api.parts import Code
from festoon.api.refusals import SHAPE
from festoon.catalog import queries
from festoon.checkout.shopper_token import make_shopper_token
from festoon.records.viewer import SYSTEM


class ShopperTokenAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Who signed in at the shop."""

    shopper: Code


class ShopperToken(msgspec.Struct):
    """The shop's page posts it as `token` to `/shop/enter/`; after `valid_until` ask for another."""

    token: str
    valid_until: datetime


@asks("/shopper-tokens", scope="shoppers.sign", refuses=[*SHAPE, "not_found"], status=201)
def sign_shopper(data: JSONBody[ShopperTokenAsked], request: Request[Any, Any, Any]) -> ShopperToken:
    """A token for a shopper who signed in at the shop. Nothing is written."""
    by, moment = request.user, now()
    shopper = queries.shopper(SYSTEM, data.shopper)
    token, ends = make_shopper_token(shopper.code, merchant_id=by.merchant_id, channel=by.channel, now=moment)
    return ShopperToken(token, ends)
