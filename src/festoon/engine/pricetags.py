"""The price stage: offers do not compound there, each unit takes exactly one price, the lowest of those eligible."""

from __future__ import annotations

from festoon.base.money import share
from festoon.engine.amounts import Amounts, Bid, Served, pieces
from festoon.engine.floors import net_room, paid_by_merchant
from festoon.engine.verdicts import No
from festoon.engine.view import View


def tag(view: View, cuts: list[int]) -> Amounts | No:
    """The amounts after a price offer bid `cuts`, counted from the list price, for its rows."""
    cart, amounts, k = view.cart, view.amounts, view.k
    wished = sum(cuts)
    cuts = [min(cut, _room(view, r)) for r, cut in zip(view.rows, cuts, strict=True)]
    floor_cut, budget, scarce = wished - sum(cuts), cart.budgets[k], False
    if not any(cuts):
        return No("floor", "at_floor" if floor_cut else "not_lower")
    if budget is not None and sum(cuts) > budget:
        if view.offer.budget_refuses:
            return No("stock", "budget_short", sum(cuts) - budget, "money")
        cuts, scarce = share(budget, cuts), True
    counts = _counts(view, cuts)
    left, bids, serves = amounts.left[:], dict(amounts.bids), amounts.serves[:]
    rows: list[int] = []
    deltas: list[int] = []
    for r, cut, n in zip(view.rows, cuts, counts, strict=True):
        if not (n and cut):
            continue
        quantity = view.row(r).quantity
        scarce = scarce or n < quantity
        bids[r] = _placed(bids.get(r, []), (cut * n // quantity, n, k))
        held = pieces(bids[r], quantity)
        rest = cart.gross[r] - sum([piece[0] for piece in held])
        rows.append(r)
        deltas.append(left[r] - rest)
        left[r] = rest
        if serves:
            serves[r] = serves[r] & ~cart.price_bits | sum([1 << piece[2] for piece in held])
    if not any(deltas):
        return No("beaten", "lower_price")
    served = Served(k, rows, deltas, sum(deltas), (), {}, floor_cut, scarce)
    served.tagged = True
    new = amounts.after(served, left, view.offer.stage, served.total)
    new.bids, new.serves = bids, serves
    if amounts.kept:
        new.kept = _kept(view, rows, bids)
    return new


def holders(amounts: Amounts, view_rows: list[int], quantities: list[int]) -> dict[int, list[int]]:
    """Who holds units at the end of the price stage: candidate → rows."""
    found: dict[int, list[int]] = {}
    for r in view_rows:
        for cut, _, k in pieces(amounts.bids.get(r, []), quantities[r]):
            if cut:
                found.setdefault(k, []).append(r)
    return found


def outbid(view: View, cuts: list[int], amounts: Amounts) -> bool:
    """Whether a price offer would hold nothing beside the bids of `amounts`."""
    for r, cut in zip(view.rows, cuts, strict=True):
        quantity = view.row(r).quantity
        bids = _placed(amounts.bids.get(r, []), (min(cut, _room(view, r)), quantity, view.k))
        if any(k == view.k and c for c, _, k in pieces(bids, quantity)):
            return False
    return True


def _placed(bids: list[Bid], bid: Bid) -> list[Bid]:
    """The bids with one more, the best per unit first; of equals the earlier offer first."""
    for i, (cut, n, k) in enumerate(bids):
        better = bid[0] * n - cut * bid[1]
        if better > 0 or (not better and bid[2] < k):
            return [*bids[:i], bid, *bids[i:]]
    return [*bids, bid]


def _room(view: View, r: int) -> int:
    """How far the row's price may fall: a price below a floor is raised to it."""
    cart = view.cart
    return (
        min(cart.gross[r] - cart.low[r], net_room(view, r, cart.gross[r]))
        if cart.net[r]
        else cart.gross[r] - cart.low[r]
    )


def _kept(view: View, rows: list[int], bids: dict[int, list[Bid]]) -> list[int]:
    cart, kept = view.cart, view.amounts.kept[:]
    for r in rows:
        held = pieces(bids[r], view.row(r).quantity)
        parts = [paid_by_merchant(cart.offers[k], cart.merchants[r], cut) for cut, _, k in held]
        kept[r] = cart.gross[r] - sum(parts)
    return kept


def _counts(view: View, cuts: list[int]) -> list[int]:
    """How many units of each row have the price: all, or where units are limited the dearest cut first."""
    quantities, limit = view.quantities(), view.cart.limits[view.k]
    if limit is None:
        return quantities
    order = sorted([(-cuts[j] * 1_000_000 // quantities[j], j) for j in range(len(cuts))])
    counts = [0] * len(cuts)
    for _, j in order:
        counts[j] = min(limit, quantities[j])
        limit -= counts[j]
    return counts
