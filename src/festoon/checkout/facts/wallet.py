"""The coupons a buyer may choose from, and the ones that were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from festoon.base.words import Words
from festoon.checkout.facts.reading import Found
from festoon.coupons.codes import normal
from festoon.ledger.store.reading import moment
from festoon.records.refusal import Invalid, Refusal

MOST = 200


class Held(NamedTuple):
    """One coupon of a wallet, as far as a price needs it: a wallet may hold hundreds."""

    id: str
    code: str | None
    state: str
    expires_at: datetime | None
    offer: str
    balance: int | None = None

    def free(self, at: datetime) -> bool:
        """Whether it may be used at this moment."""
        return self.state == "claimed" and (self.expires_at is None or self.expires_at > at)


def wallet(found: Found, chosen: Sequence[str], *, at: datetime) -> tuple[list[dict[str, Any]], list[str]]:
    """What is free in the wallet at a moment (soonest to expire first, at most 200) and all that is chosen; its ids.

    A chosen text may be an id or a code; a chosen coupon that has ended is told, so that its verdict can say so. Raises
    Refusal `coupon_used` for one of the buyer's own that is used or tied to another order, and one and the same
    Invalid `coupon_unknown` for every other text.
    """
    if found.person is None:
        if chosen:
            raise _unknown(0)
        return [], []
    held = _held(found)
    named = {name: coupon for coupon in held for name in (coupon.id, coupon.code) if name} if chosen else {}
    ids = [_chosen(index, text, named) for index, text in enumerate(chosen)]
    return _kept(held, ids, at), ids


def still(found: Found, chosen: Sequence[str], *, at: datetime) -> tuple[list[dict[str, Any]], list[str]]:
    """The same for ids that were chosen before: what is no longer free, or has ended, is left out."""
    if found.person is None:
        return [], []
    held = _held(found)
    free = {coupon.id for coupon in held if coupon.free(at)}
    ids = [coupon for coupon in chosen if coupon in free]
    return _kept(held, ids, at), ids


def _held(found: Found) -> list[Held]:
    return [
        Held(number, code, state, moment(ends), offer, balance)
        for number, code, state, ends, offer, balance in found.wallet
    ]


def _kept(held: Sequence[Held], chosen: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    free = [coupon for coupon in held if coupon.free(at) or coupon.id in chosen]
    return [_told(coupon) for place, coupon in enumerate(free) if place < MOST or coupon.id in chosen]


def _chosen(index: int, text: str, named: dict[str, Held]) -> str:
    coupon = named.get(text) or named.get(normal(text))
    if coupon is None:
        raise _unknown(index)
    if coupon.state != "claimed":
        words = Words(en="This coupon is used, or tied to another order.", zh="该券已使用或正用于其他订单。")
        raise Refusal("coupon_used", words, field=f"chosen[{index}]", status=409)
    return coupon.id


def _told(coupon: Held) -> dict[str, Any]:
    told: dict[str, Any] = {"id": coupon.id, "offer": coupon.offer}
    if coupon.balance is not None:
        told["balance"] = coupon.balance
    if coupon.expires_at is not None:
        told["expires"] = coupon.expires_at.isoformat()
    return told


def _unknown(index: int) -> Invalid:
    words = Words(en="This coupon cannot be used here.", zh="此券不可用。")
    return Invalid("coupon_unknown", words, field=f"chosen[{index}]")
