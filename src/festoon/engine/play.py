"""One set of offers played from the first turn to the last, with the reason of every offer that is not in it."""

from __future__ import annotations

from festoon.engine.amounts import NOT_GIVEN, Served
from festoon.engine.cart import Cart
from festoon.engine.offer import LAST, Benefit, Offer
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
        view = View(cart, -1, NOBODY, [], self.amounts)
        asked, rows, took, done = len(cart.offers), cart.rows, self.served, 0
        for k, offer in enumerate(cart.offers):
            if cart.unchosen:
                asked = self._ask(view, asked, offer.rank)
            goods = rows[k] if ties is None else ties.open_rows(k, self.amounts)
            if offer.on_goods:  # as `pass_on`, without a call
                view.k, view.offer = k, offer
                view.goods, view.rows = goods, goods
                view.given = NOT_GIVEN
            else:
                view.pass_on(k, offer, goods)
            if known and k in known:
                served: Served | No = self._known(view)
            else:
                served = offered(view) if goods else CLOSED
            if isinstance(served, No):
                self._refuse(view, k, served, bool(mask >> k & 1))
            elif mask >> k & 1:
                took[k] = served
                done |= 1 << k
                if offer.tells:
                    self._tell(view, k)
                serve(view, served)
        self.mask = done
        self._ask(view, asked, LAST)
        if self.amounts.bids:
            self._outbid()

    def _known(self, view: View) -> Served:
        """What the search saw a member take."""
        if view.offer.untouched:
            view.narrow(untouched(self.cart, view.goods, self.amounts))
        return self.known[view.k]

    def _ask(self, view: View, k: int, rank: int) -> int:
        """What the coupons from `k` on that were not chosen lack, up to the turn of `rank`; gives the next of them."""
        cart = self.cart
        while k < len(cart.rows) and cart.unchosen[k - len(cart.offers)].rank < rank:
            view.pass_on(k, cart.unchosen[k - len(cart.offers)], cart.rows[k])
            served = offered(view)
            if isinstance(served, No):
                self.why[k] = served
            k += 1
        return k

    def _tell(self, view: View, k: int) -> None:
        """What would make an offer that serves give more, and what is paid ahead of the rest."""
        further = view.offer.benefit.further(view)
        if further is not None:
            self.further[k] = further
        self.paid[k] = view.offer.benefit.paid(view)

    def _refuse(self, view: View, k: int, no: No, member: bool) -> None:
        """Note why candidate k does not serve, unless it could were it not for the rows that exclusions closed to it.

        With every row closed, it is what it lacks on its rows as they are.
        """
        if self.ties is None:
            self.why[k] = no
            return
        rows, closed = self.cart.rows[k], self.ties.open_rows(k, self.amounts)
        if len(closed) == len(rows):
            self.why[k] = no
            return
        view.pass_on(k, self.cart.offers[k], rows)
        whole = offered(view)
        if not isinstance(whole, No):
            if member:
                self.why[k] = no
        else:
            self.why[k] = no if closed else whole

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

    def all_coupons_served(self) -> bool:
        """Whether every chosen coupon serves."""
        return not self.cart.coupon_bits & ~self.mask
