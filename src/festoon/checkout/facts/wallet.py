"""The coupons a buyer may choose from, and the ones that were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from festoon.base.windows import since_1970
from festoon.base.words import Words
from festoon.checkout.facts.reading import Found, Owned
from festoon.coupons.codes import normal
from festoon.engine.facts import Held
from festoon.ledger.store.reading import moment
from festoon.records.refusal import Invalid, Refusal

MOST = 200
NOBODY: AbstractSet[str] = frozenset()


Coupon = tuple[dict[str, Any], Held]
"""One coupon of a wallet, as far as a price needs it: for the record, and for the engine."""


def wallet(
    found: Found, chosen: Sequence[str], *, at: int, parts: AbstractSet[str] = NOBODY
) -> tuple[list[Coupon], list[str]]:
    """What is free in the wallet at a moment (soonest to expire first, at most 200) and all that is chosen; its ids.

    `parts` are the offers whose coupons pay in parts. A chosen text may be an id or a code; a chosen coupon that has
    ended is told, so that its verdict can say so. Raises Refusal `coupon_used` for one of the buyer's own that is used or
    tied to another order, and one and the same Invalid `coupon_unknown` for every other text.
    """
    if found.person is None:
        if chosen:
            raise _unknown(0)
        return [], []
    named = {name: row for row in found.wallet for name in (row.id, row.code) if name} if chosen else {}
    ids = [_chosen(index, text, named) for index, text in enumerate(chosen)]
    return _kept(found.wallet, ids, at, parts), ids


def still(
    found: Found, chosen: Sequence[str], *, at: int, parts: AbstractSet[str] = NOBODY
) -> tuple[list[Coupon], list[str]]:
    """The same for ids that were chosen before: what is no longer free, or has ended, is left out."""
    if found.person is None:
        return [], []
    free = {row.id for row in found.wallet if _is_free(row, at)}
    ids = [coupon for coupon in chosen if coupon in free]
    return _kept(found.wallet, ids, at, parts), ids


def _is_free(row: Owned, at: int) -> bool:
    """Whether it may be used at this moment, in microseconds since 1970."""
    return row.state == "claimed" and (row.ends is None or _end(row.ends)[1] > at)


def _kept(rows: Sequence[Owned], chosen: Sequence[str], at: int, parts: AbstractSet[str]) -> list[Coupon]:
    free = [row for row in rows if _is_free(row, at) or row.id in chosen]
    return [_coupon(row, parts) for place, row in enumerate(free) if place < MOST or row.id in chosen]


def _coupon(row: Owned, parts: AbstractSet[str]) -> Coupon:
    """It, with its balance where its offer pays in parts."""
    told: dict[str, Any] = {"id": row.id, "offer": row.offer}
    balance = row.balance if row.offer in parts else None
    if balance is not None:
        told["balance"] = balance
    until = None
    if row.ends is not None:
        told["expires"], until = _end(row.ends)
    return told, Held(row.id, row.offer, until, balance)


def _chosen(index: int, text: str, named: dict[str, Owned]) -> str:
    coupon = named.get(text) or named.get(normal(text))
    if coupon is None:
        raise _unknown(index)
    if coupon.state != "claimed":
        words = Words(en="This coupon is used, or tied to another order.", zh="该券已使用或正用于其他订单。")
        raise Refusal("coupon_used", words, field=f"chosen[{index}]", status=409)
    return coupon.id


@lru_cache(maxsize=65536)
def _end(text: str) -> tuple[str, int]:
    """A moment as the database writes it, as the record says it and as the engine counts it."""
    read = moment(text)
    assert read is not None, "a text is a moment"
    return read.isoformat(), since_1970(read)


def _unknown(index: int) -> Invalid:
    words = Words(en="This coupon cannot be used here.", zh="此券不可用。")
    return Invalid("coupon_unknown", words, field=f"chosen[{index}]")
