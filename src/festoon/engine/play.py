"""One set of offers played from the first turn to the last, with the reason of every offer that is not in it."""

from __future__ import annotations

from festoon.engine.amounts import Served
from festoon.engine.cart import Cart
from festoon.engine.offer import Benefit, Offer
from festoon.engine.pricetags import holders, never_lowest
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties
from festoon.engine.turn import offered, serve, untouched
from festoon.engine.verdicts import No
from festoon.engine.view import View

NOBODY = Offer("", Benefit())
"""Before the first turn."""
NOTHING_KNOWN: dict[int, Served] = {}


CLOSED = No("excluded", "closed")
"""Of an offer all whose rows exclusions close; never said, for either it could serve on them or it lacks something."""


class Play:
    """`amounts` at the end, the bits `mask` of those that served, and the refusal `why[k]` of each of the others.

    A candidate that could have served, and is not in the set, has no refusal: it was excluded or beaten. The coupons
    of the wallet that were not chosen are asked at their turns, and take nothing: `why` knows them too.
    `served` is what each took, by candidate in the order of turns, also of prices that another's outbid in the end;
    `further` is what would make an offer give more, `paid` what is paid ahead of the rest; both by candidate. What
    members took when the set was found is `known`.
    """

    __slots__ = ("amounts", "cart", "further", "known", "mask", "paid", "served", "ties", "why")

    def __init__(self, cart: Cart, ties: Ties | None, mask: int, known: dict[int, Served] | None = None) -> None:
        self.cart, self.ties = cart, ties
        self.why: dict[int, No] = {}
        self.served: dict[int, Served] = {}
        self.further: dict[int, No] = {}
        self.paid: dict[int, int] = {}
        self.mask = 0
        self.known = known if known is not None else NOTHING_KNOWN
        self.amounts = cart.start.copy()
        if ties is not None and any(ties.line):
            self.amounts.serves = [0] * len(cart.gross)
        asked = len(cart.offers)
        view = View(cart, -1, NOBODY, [], self.amounts)
        for k, offer in enumerate(cart.offers):
            while asked < len(cart.rows) and cart.unchosen[asked - len(cart.offers)].rank < offer.rank:
                self._ask(view, asked)
                asked += 1
            self._turn(view, k, offer, bool(mask >> k & 1))
        for k in range(asked, len(cart.rows)):
            self._ask(view, k)
        if self.amounts.bids:
            self._outbid()

    def _turn(self, view: View, k: int, offer: Offer, member: bool) -> None:
        """The turn of a candidate; one that is not a member of the set is only asked why."""
        goods = self.cart.rows[k] if self.ties is None else self.ties.open_rows(k, self.amounts)
        view.pass_on(k, offer, goods)
        served = offered(view) if goods else CLOSED
        if isinstance(served, No):
            no = self._refusal(view, k, goods, served)
            if member or no is not None:
                self.why[k] = no or served
        elif member:
            self.mask |= 1 << k
            if offer.goes_further:
                further = offer.benefit.further(view)
                if further is not None:
                    self.further[k] = further
            if offer.paid_ahead:
                self.paid[k] = offer.benefit.paid(view)
            self.served[k] = served
            serve(view, served)

    def _known(self, view: View) -> Served:
        """What the search saw a member take."""
        if view.offer.untouched:
            view.narrow(untouched(self.cart, view.goods, self.amounts))
        return self.known[view.k]

    def _ask(self, view: View, k: int) -> None:
        """What a coupon that was not chosen lacks on the amounts that reach it."""
        view.pass_on(k, self.cart.unchosen[k - len(self.cart.offers)], self.cart.rows[k])
        served = offered(view)
        if isinstance(served, No):
            self.why[k] = served

    def _outbid(self) -> None:
        """Price offers that another's lower price left without a unit did not serve after all."""
        cart = self.cart
        held = holders(self.amounts, list(self.amounts.bids), [row.quantity for row in cart.facts.rows])
        for k, offer in enumerate(cart.offers):
            if offer.stage != PRICE or k in held or k in self.why:
                continue
            if self.mask >> k & 1 or never_lowest(cart, k, self.amounts):
                self.mask &= ~(1 << k)
                self.why[k] = No("beaten", "lower_price")

    def _refusal(self, view: View, k: int, goods: list[int], no: No) -> No | None:
        """Why candidate k does not serve; None when it could, were it not for the rows that exclusions closed to it.

        With every row closed, it is what it lacks on its rows as they are.
        """
        rows = self.cart.rows[k]
        if len(goods) == len(rows):
            return no
        view.pass_on(k, self.cart.offers[k], rows)
        whole = offered(view)
        if not isinstance(whole, No):
            return None
        return no if goods else whole

    def all_coupons_served(self) -> bool:
        """Whether every chosen coupon serves."""
        return all(self.mask >> k & 1 for k in self.cart.chosen)
