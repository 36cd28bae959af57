"""The price stage: offers do not compound there, each unit takes exactly one price, the lowest of those eligible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from festoon.base.money import share
from festoon.engine.amounts import NO_BIDS, NOT_GIVEN, Amounts, Bid, Served, pieces
from festoon.engine.floors import net_room, paid_by_merchant
from festoon.engine.verdicts import No
from festoon.engine.view import View

if TYPE_CHECKING:
    from festoon.engine.cart import Cart


def tag(view: View, cuts: list[int]) -> Served | No:
    """What the price falls by after a price offer bid `cuts`, counted from the list price, for its rows."""
    cart, amounts = view.cart, view.amounts
    made = bids_of(view, cuts)
    if isinstance(made, No):
        return made
    bids, rows, deltas = dict(amounts.bids), list(made), []
    for r, bid in made.items():
        bids[r] = _placed(bids.get(r, []), bid)
        held = pieces(bids[r], view.row(r).quantity)
        deltas.append(amounts.left[r] - cart.gross[r] + sum([piece[0] for piece in held]))
    if not any(deltas):
        return No("beaten", "lower_price")
    roomy = _roomy(view, cuts)
    floor_cut = max(0, sum(cuts) - sum(roomy))
    return Served(view.k, rows, deltas, sum(deltas), NOT_GIVEN, (), floor_cut, _clipped(view, roomy), bids)


def _clipped(view: View, cuts: list[int]) -> bool:
    """Whether less is left of a price than it would take: of its budget, or of its units."""
    budget, left = view.cart.budgets.get(view.k), view.cart.limits.get(view.k)
    if budget is not None and sum(cuts) > budget:
        return True
    if left is None:
        return False
    wished = sum([n for n, cut in zip(view.quantities(), cuts, strict=True) if cut])
    most = view.offer.benefit.limit(view)
    return left < (wished if most is None else min(wished, most))


def serves_by_price(view: View, served: Served) -> dict[int, int]:
    """On which rows candidates serve that exclusions by line tie, after a price offer took its units."""
    lined, serves, bids = view.cart.lined, dict(view.amounts.serves), served.bids or NO_BIDS
    if not lined & view.cart.price_bits:
        return serves
    for k in serves:
        if view.cart.price_bits >> k & 1:
            serves[k] = 0
    for r, made in bids.items():
        for _, _, k in pieces(made, view.row(r).quantity):
            if lined >> k & 1:
                serves[k] = serves.get(k, 0) | 1 << r
    return serves


def kept_by_price(view: View, served: Served) -> list[int]:
    """What merchants keep of each row, after a price offer took its units."""
    cart, kept, bids = view.cart, view.amounts.kept[:], served.bids or NO_BIDS
    for r in served.rows if kept else ():
        held = pieces(bids[r], view.row(r).quantity)
        parts = [paid_by_merchant(cart.offers[k], cart.merchant(r), cut) for cut, _, k in held]
        kept[r] = cart.gross[r] - sum(parts)
    return kept


def bids_of(view: View, cuts: list[int]) -> dict[int, Bid] | No:
    """What a price offer bids for each row: `cuts` within floors, budget and the units that are left."""
    cuts, wished, budget = _roomy(view, cuts), sum(cuts), view.cart.budgets.get(view.k)
    total = sum(cuts)
    if not total:
        return No("floor", "at_floor" if wished else "not_lower")
    if budget is not None and total > budget:
        if view.offer.budget_refuses:
            return No("stock", "budget_short", total - budget, "money")
        cuts = share(budget, cuts)
    counts, quantities = _counts(view, cuts), view.quantities()
    bids = zip(view.rows, cuts, counts, quantities, strict=True)
    return {r: (cut * n // quantity, n, view.k) for r, cut, n, quantity in bids if n and cut}


def _roomy(view: View, cuts: list[int]) -> list[int]:
    return [min(cut, _room(view, r)) for r, cut in zip(view.rows, cuts, strict=True)]


def holders(amounts: Amounts, view_rows: list[int], quantities: list[int]) -> dict[int, list[int]]:
    """Who holds units at the end of the price stage: candidate → rows."""
    found: dict[int, list[int]] = {}
    for r in view_rows:
        for cut, _, k in pieces(amounts.bids.get(r, []), quantities[r]):
            if cut:
                found.setdefault(k, []).append(r)
    return found


def never_lowest(cart: Cart, k: int, amounts: Amounts) -> bool:
    """Whether price offer k would hold nothing beside the bids of `amounts`."""
    offer = cart.offers[k]
    view = View(cart, k, offer, cart.rows[k], cart.start)
    cuts = offer.benefit.cut(view)
    made = cuts if isinstance(cuts, No) else bids_of(view, cuts)
    if isinstance(made, No):
        return True
    for r, bid in made.items():
        bids = _placed(amounts.bids.get(r, []), bid)
        if any([holder == k and cut for cut, _, holder in pieces(bids, view.row(r).quantity)]):
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
    room = cart.gross[r] - cart.low[r]
    return min(room, net_room(view, r, cart.gross[r])) if cart.net[r] else room


def limit_of(view: View) -> int | None:
    """For how many units a price is open: what is left of it, and what it gives one order."""
    known = [n for n in (view.cart.limits.get(view.k), view.offer.benefit.limit(view)) if n is not None]
    return min(known, default=None)


def _counts(view: View, cuts: list[int]) -> list[int]:
    """How many units of each row have the price: all, or where units are limited the dearest cut first."""
    quantities, limit = view.quantities(), limit_of(view)
    if limit is None:
        return quantities
    order = sorted([(-cuts[j] * 1_000_000 // quantities[j], j) for j in range(len(cuts))])
    counts = [0] * len(cuts)
    for _, j in order:
        counts[j] = min(limit, quantities[j])
        limit -= counts[j]
    return counts
