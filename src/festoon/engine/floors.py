"""Two floors of a unit: the least its shopper may be asked (`tag_floor`) and the least its merchant must keep."""

from __future__ import annotations

from festoon.base.money import share_within
from festoon.engine.offer import Offer
from festoon.engine.view import View


def fitted(view: View, cuts: list[int]) -> list[int]:
    """`cuts` within what floors allow; what one row cannot take goes to the others where the offer says so."""
    space = rooms(view)
    fit = [min(cut, room) for cut, room in zip(cuts, space, strict=True)]
    over = sum(cuts) - sum(fit)
    if over and view.offer.spill:
        more = share_within(over, view.running(), [room - cut for cut, room in zip(fit, space, strict=True)])
        fit = [a + b for a, b in zip(fit, more, strict=True)]
    return fit


def rooms(view: View) -> list[int]:
    """How much each of the view's rows can still give."""
    left, low, kept = view.amounts.left, view.cart.low, view.amounts.kept
    space = [left[r] - low[r] for r in view.rows]
    if kept:
        space = [min(room, net_room(view, r, kept[r])) for room, r in zip(space, view.rows, strict=True)]
    return space


def net_room(view: View, r: int, kept: int) -> int:
    """The largest cut of row `r` after which its merchant, who keeps `kept` now, still keeps its floor."""
    weight, slack = merchant_part(view.offer, view.cart.merchant(r))
    if not weight or not view.cart.net[r]:
        return view.cart.gross[r]
    return max(0, kept - view.cart.net[r] - slack) * 10_000 // weight


def paid_by_merchant(offer: Offer, merchant: str, cut: int) -> int:
    """The most that the row's merchant can bear of a cut, rounding included."""
    weight, slack = merchant_part(offer, merchant)
    return min(cut, -(-cut * weight // 10_000) + slack) if weight else 0


def merchant_part(offer: Offer, merchant: str) -> tuple[int, int]:
    """The weight in basis points that a merchant pays of an offer, and the minor units its part may be above that."""
    names = ("merchant", f"merchant:{merchant}")
    weight = sum([w for payer, w in offer.payers if payer in names])
    last = offer.payers[-1][0] in names  # the last payer has the rest, and with it what the others' parts lost
    return weight, len(offer.payers) - 1 if last else 0


def kept_after(view: View, cuts: list[int]) -> list[int]:
    """What merchants keep of each row after the view's offer took `cuts`."""
    kept = view.amounts.kept[:]
    for r, cut in zip(view.rows, cuts, strict=True):
        kept[r] -= paid_by_merchant(view.offer, view.cart.merchant(r), cut)
    return kept
