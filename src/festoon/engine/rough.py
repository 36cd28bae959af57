"""A rough bound for small trees: so cheap that it pays for a single branch."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import Amounts
from festoon.engine.cart import Cart
from festoon.engine.ties import Ties
from festoon.engine.view import View, of_rows

WHOLE: Final = 10_000


def reaches(cart: Cart, ties: Ties, amounts: Amounts, ahead: int, least: int) -> bool:
    """Whether the candidates `ahead` may bring what is saved up to `least`.

    Each counts for the most that it could take now, for amounts only fall; of two that exclude each other, the larger.
    """
    saved, order = amounts.saved, ties.order
    while ahead and saved < least:
        k = (ahead & -ahead).bit_length() - 1
        ahead &= ahead - 1
        most, others = _most(cart, k, amounts), order[k] & ahead
        if others:
            other = others & -others
            ahead ^= other
            most = max(most, _most(cart, other.bit_length() - 1, amounts))
        saved += most
    return saved >= least


def _most(cart: Cart, k: int, amounts: Amounts) -> int:
    """What candidate k could take at most."""
    offer, rows = cart.offers[k], cart.rows[k]
    if offer.balance:
        return 0
    if offer.amount:
        return offer.amount
    if offer.percent and offer.plainly_running and offer.on_goods:
        return sum(of_rows(amounts.left, rows)) * offer.percent // WHOLE + len(rows)  # each row may be rounded up
    return offer.benefit.most(View(cart, k, offer, rows, amounts))
