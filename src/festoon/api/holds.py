"""A quote made binding, and let go again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody, PathParameter

from festoon.api.door import Key, now, writes
from festoon.api.parts import ID
from festoon.checkout import holds
from festoon.checkout.limits import TOKEN_LONGEST

HOLD_REFUSES = (
    "missing", "wrong_length", "not_one_of", "key_reused", "token_forged", "quote_changed", "book_unreadable",
)  # fmt: skip
CANCEL_REFUSES = ("wrong_form", "not_found", "already_redeemed", "hold_moved")
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=TOKEN_LONGEST, description="Of a quote.")]
HoldId = Annotated[str, PathParameter(pattern=ID, description="The id of the hold.")]


class HoldAsked(msgspec.Struct, forbid_unknown_fields=True):
    """The token of a quote. `accept` lower_or_equal holds a cheaper price at once instead of answering 409."""

    token: Token
    accept: Literal["same", "lower_or_equal"] = "same"


class Hold(msgspec.Struct):
    """Money, coupons and units are reserved until `expires_at`."""

    hold: str
    quote: str
    book: str
    currency: str
    payable: int
    coupons: list[str]
    created_at: datetime
    expires_at: datetime


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """An empty object."""


class ClosedHold(msgspec.Struct):
    """A hold that is no longer open."""

    hold: str
    state: str
    closed_at: datetime


@writes("/holds", scope="holds.write", refuses=HOLD_REFUSES)
def hold_quote(data: JSONBody[HoldAsked], request: Request[Any, Any, Any], key: Key) -> Hold:
    """Hold a quoted price: all or nothing, with an end. The only door to budgets, coupons and stock."""
    held = holds.hold(data.token, accept=data.accept, by=request.user, now=now(), key=key)
    return msgspec.convert(held, Hold, from_attributes=True)


@writes("/holds/{hold:str}/cancel", scope="holds.write", refuses=CANCEL_REFUSES, status=200)
def cancel_hold(
    hold: HoldId, request: Request[Any, Any, Any], key: Key, data: JSONBody[Nothing | None] = None
) -> ClosedHold:
    """Let a hold go; what it reserved is free again. The body may be empty."""
    del data, key  # a hold is let go once, whoever asks however often
    return msgspec.convert(holds.cancel(hold, by=request.user, now=now()), ClosedHold, from_attributes=True)
