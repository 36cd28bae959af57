"""An offer's turn: do its conditions hold on the amounts that reach it, what does it take, what is left then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from festoon.base.money import share, share_within
from festoon.engine.amounts import Amounts, Served
from festoon.engine.floors import fitted, kept_after
from festoon.engine.pricetags import tag
from festoon.engine.stages import PRICE
from festoon.engine.verdicts import No
from festoon.engine.view import View

if TYPE_CHECKING:
    from festoon.engine.cart import Cart

NOTHING_LEFT = No("floor", "nothing_left")
TOUCHED = No("not_met", "discounted")


def turn(cart: Cart, k: int, goods: list[int], amounts: Amounts) -> Amounts | No:
    """The amounts after candidate `k` served on the rows `goods`; or why it does not."""
    offer = cart.offers[k]
    if offer.scope.untouched and offer.stage != PRICE:
        goods = untouched(cart, goods, amounts)
        if not goods:
            return TOUCHED
    view = View(cart, k, offer, goods, amounts)
    for test in offer.tests:
        no = test.check(view)
        if no is not None:
            return no
    cuts = offer.benefit.cut(view)
    if isinstance(cuts, No):
        return cuts
    if offer.stage == PRICE:
        return tag(view, cuts)
    return take(view, cuts)


def untouched(cart: Cart, goods: list[int], amounts: Amounts) -> list[int]:
    """The rows from which nothing was taken yet."""
    return [r for r in goods if amounts.left[r] == cart.gross[r]]


def take(view: View, cuts: list[int]) -> Amounts | No:
    """The amounts after `cuts` were taken from the rows of the view, as far as floors and budget allow."""
    amounts, rows, low = view.amounts, view.rows, view.cart.low
    left, total, floor_cut, scarce = amounts.left[:], 0, 0, False
    budget = view.cart.budgets[view.k]
    fits = not amounts.kept
    if fits:
        for r, cut in zip(rows, cuts, strict=True):
            rest = left[r] - cut
            if rest < low[r]:
                fits = False
                break
            left[r] = rest
            total += cut
    if not fits or (budget is not None and total > budget):
        wished, cuts = sum(cuts), fitted(view, cuts)
        total = sum(cuts)
        floor_cut = wished - total
        if budget is not None and total > budget:
            if view.offer.budget_refuses:
                return No("stock", "budget_short", total - budget, "money")
            cuts, total, scarce = share(budget, cuts), budget, True
        left = amounts.left[:]
        for r, cut in zip(rows, cuts, strict=True):
            left[r] -= cut
    gifts = view.offer.benefit.gifts(view)
    if not total and not gifts:
        return NOTHING_LEFT
    given = _rescaled(view, cuts) if view.given else view.given
    served = Served(view.k, rows, cuts, total, gifts, given, floor_cut, scarce)
    balance = view.offer.benefit.balance
    worth = 0 if balance else total + sum([g.value for g in gifts]) if gifts else total
    new = amounts.after(served, left, view.offer.stage, worth)
    if balance:
        new.drawn += total
    _remember(view, cuts, new)
    return new


def _remember(view: View, cuts: list[int], new: Amounts) -> None:
    """Keep what only some carts need: the group's entry, who serves on which row, what merchants keep."""
    amounts, group = view.amounts, view.offer.group
    if group is not None and group not in amounts.groups:
        new.groups = {**amounts.groups, group: amounts.left}
    if amounts.serves:
        new.serves = amounts.serves[:]
        for r in view.goods:
            new.serves[r] |= 1 << view.k
    if amounts.kept:
        new.kept = kept_after(view, cuts)


def _rescaled(view: View, cuts: list[int]) -> dict[int, list[int]]:
    """What each unit was given, after a floor or a budget lowered what its row was given."""
    by_row = dict(zip(view.rows, cuts, strict=True))
    return {
        r: parts if sum(parts) == by_row[r] else share_within(by_row[r], parts, view.units(r))
        for r, parts in view.given.items()
    }
