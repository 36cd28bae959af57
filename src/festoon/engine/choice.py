"""Which offers serve: the best legal set."""

from __future__ import annotations

from itertools import combinations

from festoon.engine.branch import Found
from festoon.engine.cart import Cart
from festoon.engine.search import Search
from festoon.engine.ties import Ties


class Choice:
    """The bits of the offers in the best set; `bound` is what a better set could still save more, 0 with proof.

    `found` is what was seen on the way to them; None where nobody could be chosen.
    """

    __slots__ = ("bound", "found", "mask", "steps")

    def __init__(self, found: Found | None, bound: int, steps: int) -> None:
        self.mask = found.mask if found is not None else 0
        self.found = found
        self.bound, self.steps = bound, steps


def choose(cart: Cart, ties: Ties, steps: int) -> Choice:
    """The best legal set of the cart's candidates.

    Chosen coupons come first: a set of them is tried only when no larger one around it can serve; among those that
    are left the greatest saving wins, then the order of choosing.

    Where lines are shared out, and an offer to which lines would be given up does not serve in the end, the choice is
    made again without giving it any: every line goes to an offer that is there to take it.
    """
    choice = _chosen_set(cart, ties, steps)
    while missing := ties.misses(choice.mask):
        ties.absent |= missing
        choice = _chosen_set(cart, ties, steps)
    return choice


def _chosen_set(cart: Cart, ties: Ties, steps: int) -> Choice:
    """The best legal set, as lines are shared out now."""
    search = Search(cart, ties, steps)
    best = _best(cart, search)
    if best is None:
        # Offers that always apply may exclude each other, and priorities may run in a circle: no set keeps every
        # promise then, and the exclusions alone are kept.
        search.relax()
        best = _best(cart, search)
    most = max(search.lost, best.most if best is not None else 0)
    return Choice(best, most - (best.saved if best is not None else 0) if most else 0, search.steps)


def _best(cart: Cart, search: Search) -> Found | None:
    """The best set; where the best of the wallet is sought, any coupon may serve and none must."""
    if cart.facts.best:
        return _free(cart, search, 0)
    found = search.run((1 << len(cart.offers)) - 1, cart.coupon_bits)
    if found is not None:
        return found  # all of them serve: no smaller set of them is asked
    return _best_part(cart, search, _parts(cart)[1:])


def _free(cart: Cart, search: Search, forced: int) -> Found | None:
    return search.run((1 << len(cart.offers)) - 1, forced)


def _best_part(cart: Cart, search: Search, parts: list[int], forced: int = 0) -> Found | None:
    """The best set over those of `parts`, sets of chosen coupons, that can serve; None when none can."""
    promotions = (1 << len(cart.offers)) - 1 & ~cart.coupon_bits
    best: Found | None = None
    served: list[int] = []
    for wanted in parts:
        if any([wanted & ~other == 0 for other in served]):
            continue
        found = search.run(promotions | wanted, wanted | forced)
        if found is not None:
            served.append(wanted)
            lost: Found | None = found
            if best is None or _before(cart, found.saved - best.saved, found.mask, best.mask):
                lost = best
                best = found
            if lost is not None and not lost.proven:
                best.most = max(best.most, lost.most)
    return best


def saved_with(cart: Cart, ties: Ties, steps: int, mask: int, k: int) -> int | None:
    """What the best legal set with candidate k forced in saves: a promotion beside the coupons of `mask`.

    None when there is none, or the steps run out before it is proven to be the best.
    """
    parts, search = [mask & cart.coupon_bits], Search(cart, ties, steps)
    if cart.offers[k].coupon and not cart.facts.best:
        parts = [part for part in _parts(cart) if part >> k & 1]
    best = _free(cart, search, 1 << k) if cart.facts.best else _best_part(cart, search, parts, 1 << k)
    return best.saved if best is not None and best.proven and not search.lost else None


def bits(members: list[int]) -> int:
    """The candidates as bits."""
    return sum([1 << k for k in members])


def _ranked(cart: Cart, mask: int) -> list[tuple[int, int]]:
    """The coupons of a set by priority; the set whose first difference has the higher priority comes first."""
    ranked = sorted([(cart.offers[k].priority, k) for k in cart.chosen if mask >> k & 1])
    return [*ranked, (1 << 60, 0)]


def _in_order(cart: Cart) -> list[int]:
    """The candidates that are chosen coupons, in the order of choosing."""
    place = {coupon: i for i, coupon in enumerate(cart.facts.chosen)}
    return sorted(cart.chosen, key=lambda k: place[held.id] if (held := cart.coupons[k]) is not None else 0)


def _parts(cart: Cart) -> list[int]:
    """Every set of chosen coupons, the larger first."""
    chosen = _in_order(cart)
    return [bits(list(part)) for n in range(len(chosen), -1, -1) for part in combinations(chosen, n)]


def _before(cart: Cart, more: int, mask: int, other: int) -> bool:
    """Whether one set beats another with other coupons: by its saving, then by which was chosen first."""
    if cart.by_priority:
        return _ranked(cart, mask) < _ranked(cart, other)
    if more:
        return more > 0
    for k in _in_order(cart):
        if (mask ^ other) >> k & 1:
            return bool(mask >> k & 1)
    return False
