"""An offer's turn: do its conditions hold on the amounts that reach it, what does it take, what is left then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from festoon.base.money import WHOLE, share, share_within
from festoon.engine.amounts import NOT_GIVEN, Amounts, Served
from festoon.engine.floors import fitted, kept_after
from festoon.engine.pricetags import kept_by_price, serves_by_price, tag
from festoon.engine.stages import PRICE
from festoon.engine.verdicts import No
from festoon.engine.view import View

if TYPE_CHECKING:
    from festoon.engine.cart import Cart

NOTHING_LEFT: Final = No("floor", "nothing_left")
TOUCHED: Final = No("not_met", "discounted")
CLOSED: Final = No("excluded", "closed")
"""Of an offer all whose rows exclusions close; never said, for either it could serve on them or it lacks something."""


def turn(cart: Cart, k: int, goods: list[int], amounts: Amounts) -> Amounts | No:
    """The amounts after candidate `k` served on the rows `goods`, beside those before it; or why it does not."""
    view = View(cart, k, cart.offers[k], goods, amounts)
    served = offered(view)
    if isinstance(served, No):
        return served
    view.amounts = amounts.copy()
    serve(view, served)
    return view.amounts


def offered(view: View) -> Served | No:
    """What the view's offer would take now, as far as floors and budget allow; or why nothing."""
    offer = view.offer
    if offer.untouched:
        view.narrow(untouched(view.cart, view.goods, view.amounts))
        if not view.goods:
            return TOUCHED
    if offer.tests and not (offer.least and view.spend(offer.least_of_order) >= offer.least):
        no = unmet(view)
        if no is not None:
            return no
    if offer.percent:
        cuts: list[int] | No = view.percents(offer.percent)
    elif offer.amount:
        cuts = view.spread(offer.amount)
    else:
        cuts = offer.benefit.cut(view)
    if isinstance(cuts, No):
        return cuts
    if offer.within and view.cart.plain:
        total = sum(cuts)
        return Served(view.k, view.rows, cuts, total, view.given) if total else NOTHING_LEFT
    return _checked(view, cuts)


def _checked(view: View, cuts: list[int]) -> Served | No:
    """What the offer takes of what it wants, looked at row by row."""
    offer, amounts, cart = view.offer, view.amounts, view.cart
    if offer.apart or cart.budgets or amounts.kept:
        return tag(view, cuts) if offer.stage == PRICE else _fitted(view, cuts)
    left, low, total = amounts.left, cart.low, 0
    for r, cut in zip(view.rows, cuts):  # noqa: B905  a row, a cut: to be strict costs a tenth of the loop
        if left[r] - cut < low[r]:
            return _fitted(view, cuts)
        total += cut
    return Served(view.k, view.rows, cuts, total, view.given) if total else NOTHING_LEFT


def lacking(view: View) -> No | None:
    """Why the view's offer would not serve now; None when it would."""
    if sure(view):
        return None
    served = offered(view)
    return served if isinstance(served, No) else None


def sure(view: View) -> bool:
    """Whether it is certain, at little cost, that the view's offer serves on these amounts, and on any larger ones."""
    offer = view.offer
    if offer.apart or offer.untouched or not view.cart.plain:
        return False
    if offer.tests and not (offer.least and view.spend(offer.least_of_order) >= offer.least):
        return False
    if offer.within and (offer.amount or offer.percent):
        return view.comes_to(offer.percent or WHOLE)
    return offer.benefit.sure(view)


def unmet(view: View) -> No | None:
    """The first condition of the view's offer that does not hold; None when all do."""
    for test in view.offer.tests:
        no = test.check(view)
        if no is not None:
            return no
    return None


def untouched(cart: Cart, goods: list[int], amounts: Amounts) -> list[int]:
    """The rows from which nothing was taken yet."""
    return [r for r in goods if amounts.left[r] == cart.gross[r]]


def _fitted(view: View, wanted: list[int]) -> Served | No:
    """What the offer takes of what it wants, beside the rows of the view, within floors and its budget."""
    cuts, scarce, budget = fitted(view, wanted), False, view.cart.budgets.get(view.k)
    total = sum(cuts)
    floor_cut = sum(wanted) - total
    if budget is not None and total > budget:
        if view.offer.budget_refuses:
            return No("stock", "budget_short", total - budget, "money")
        cuts, total, scarce = share(budget, cuts), budget, True
    gifts = view.offer.benefit.gifts(view) if view.offer.gives else ()
    if not total and not gifts:
        return NOTHING_LEFT
    if gifts and view.k in view.cart.limits and view.offer.benefit.falls_short(view):
        scarce = True
    given = _rescaled(view, cuts) if view.given else NOT_GIVEN
    return Served(view.k, view.rows, cuts, total, given, gifts, floor_cut, scarce)


def serve(view: View, served: Served) -> None:
    """Change the view's amounts in place: its offer took what it was `offered`."""
    amounts, offer = view.amounts, view.offer
    left = amounts.left
    if offer.group is not None and served.bids is None and offer.group not in amounts.groups:
        amounts.groups = {**amounts.groups, offer.group: (left[:], amounts.last)}
    if offer.stage != amounts.stage:
        amounts.enter(offer.stage)
    for r, cut in zip(served.rows, served.cuts):  # noqa: B905  as above
        left[r] -= cut
    served.before = amounts.last
    amounts.last = served
    if offer.plain:
        amounts.saved += served.total
    elif offer.balance:
        amounts.drawn += served.total
    else:
        amounts.saved += served.total + sum([gift.value for gift in served.gifts])
    if view.cart.lined >> view.k & 1 or amounts.kept or served.bids is not None:
        _remember(view, served)


def _remember(view: View, served: Served) -> None:
    """Keep what only some carts need: who bids for a row, who serves on it, what its merchant keeps."""
    amounts = view.amounts
    if served.bids is not None:
        amounts.serves, amounts.kept = serves_by_price(view, served), kept_by_price(view, served)
        amounts.bids = served.bids
        return
    if view.cart.lined >> view.k & 1:
        amounts.serves = {**amounts.serves, view.k: view.cart.reach(view.k, view.goods)}
    if amounts.kept:
        amounts.kept = kept_after(view, served.cuts)


def _rescaled(view: View, cuts: list[int]) -> dict[int, list[int]]:
    """What each unit was given, after a floor or a budget lowered what its row was given."""
    by_row = dict(zip(view.rows, cuts, strict=True))
    return {
        r: parts if sum(parts) == by_row[r] else share_within(by_row[r], parts, view.units(r))
        for r, parts in view.given.items()
    }
