"""Every discount to the unit and to the payer, so that a refund and a settlement need no second thought."""

from __future__ import annotations

from festoon.engine.amounts import pieces, tagged, unit_cuts
from festoon.engine.offer import Offer
from festoon.engine.play import Play


class Share:
    """What one offer took from one row: `units[i]` from its unit i, `payers[i]` who pays how much of that."""

    __slots__ = ("k", "payers", "units")

    def __init__(self, k: int, units: list[int]) -> None:
        self.k, self.units = k, units
        self.payers: list[list[tuple[str, int]]] = []


def shares(play: Play) -> list[list[Share]]:
    """The shares of each row in the order of turns; shipping is the last row and one unit."""
    cart = play.cart
    table = [_price_shares(play, r) for r in range(cart.shipping_at)] + [[]]
    values = [tagged(row, play.amounts.bids.get(r, [])) for r, row in enumerate(cart.facts.rows)]
    for served in play.amounts.log():
        if served.tagged:
            continue
        for r, cut in zip(served.rows, served.cuts, strict=True):
            if not cut:
                continue
            if r == cart.shipping_at:
                parts = [cut]
            else:
                parts = unit_cuts(served, r, cart.facts.rows[r], values[r])
                values[r] = [value - part for value, part in zip(values[r], parts, strict=True)]
            table[r].append(Share(served.k, parts))
    for k in range(len(cart.offers)):
        if play.mask >> k & 1:
            _pay(
                cart.offers[k],
                [(share, cart.merchants[r]) for r, row in enumerate(table) for share in row if share.k == k],
            )
    return table


def _price_shares(play: Play, r: int) -> list[Share]:
    row = play.cart.facts.rows[r]
    found, first = [], 0
    for cut, n, k in pieces(play.amounts.bids.get(r, []), row.quantity):
        if cut:
            units = [0] * row.quantity
            for i in range(n):
                units[first + i] = cut // n + (1 if i < cut % n else 0)
            found.append(Share(k, units))
        first += n
    return found


def _pay(offer: Offer, parts: list[tuple[Share, str]]) -> None:
    """Unit by unit, each payer but the last gets what its rounded-down cumulative entitlement grew by, the last the rest."""
    before = 0
    for share, merchant in parts:
        for unit in share.units:
            after, rest, paid = before + unit, unit, []
            for payer, weight in offer.payers[:-1]:
                part = after * weight // 10_000 - before * weight // 10_000
                rest -= part
                paid.append((named(payer, merchant), part))
            paid.append((named(offer.payers[-1][0], merchant), rest))
            share.payers.append(paid)
            before = after


def named(payer: str, merchant: str) -> str:
    """The payer "merchant" is the merchant of the goods; where there is none, the platform."""
    if payer != "merchant":
        return payer
    return f"merchant:{merchant}" if merchant else "platform"
