"""One set of offers played from the first turn to the last, with the reason of every offer that is not in it."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import NOT_GIVEN, Served
from festoon.engine.branch import Found
from festoon.engine.cart import Cart
from festoon.engine.offer import LAST, NOBODY, Offer
from festoon.engine.pricetags import holders, never_lowest
from festoon.engine.stages import PRICE
from festoon.engine.ties import Ties, bits_of
from festoon.engine.turn import CLOSED, lacking, offered, serve, sure, untouched
from festoon.engine.verdicts import No
from festoon.engine.view import View

NOTHING_KNOWN: Final = Found(0, 0, 0)


class Play:
    """`amounts` at the end, the bits `mask` of those that served, and the refusal `why[k]` of each of the others.

    A candidate that could have served, and is not in the set, has no refusal: it was excluded or beaten. The coupons
    of the wallet that were not chosen are asked at their turns, and take nothing: `why` knows them too.
    `served` is what each took, by candidate in the order of turns, also of prices that another's outbid in the end;
    `further` is what would make an offer give more, `paid` what is paid ahead of the rest; both by candidate. What
    was seen when the set was found is `known`.
    """

    __slots__ = ("amounts", "cart", "further", "known", "mask", "paid", "served", "ties", "why")

    def __init__(self, cart: Cart, ties: Ties | None, mask: int, known: Found | None = None) -> None:
        self.cart, self.ties = cart, ties
        self.why: dict[int, No] = {}
        self.served: dict[int, Served] = {}
        self.further: dict[int, No] = {}
        self.paid: dict[int, int] = {}
        self.known = known if known is not None else NOTHING_KNOWN
        self.amounts = cart.start.copy()
        self.mask = 0
        view = View(cart, -1, NOBODY, [], self.amounts)
        asked = self._straight(view) if ties is None else self._chosen(view, ties, mask)
        if cart.unchosen:
            self._ask(view, asked, LAST)
        if self.amounts.bids:
            self._outbid()

    def _straight(self, view: View) -> int:
        """The turns of all candidates, none of which is tied."""
        cart, why, took, done = self.cart, self.why, self.served, 0
        asked, rows, due = len(cart.offers), cart.rows, self._due(len(cart.offers))
        for k, offer in enumerate(cart.offers):
            if offer.rank > due:
                asked = self._ask(view, asked, offer.rank)
                due = self._due(asked)
            if offer.on_goods:  # as `pass_on`, without a call
                view.k, view.offer = k, offer
                view.goods = view.rows = rows[k]
                view.given = NOT_GIVEN
            else:
                view.pass_on(k, offer, rows[k])
            served = offered(view)
            if isinstance(served, No):
                why[k] = served
            else:
                took[k] = served
                done |= 1 << k
                if offer.tells:
                    self._tell(view, k)
                serve(view, served)
        self.mask = done
        return asked

    def _chosen(self, view: View, ties: Ties, mask: int) -> int:
        """The turns of the candidates of `mask`, and what each of the others lacks."""
        if self._taken_over(view, ties, mask):
            return len(self.cart.rows)
        cart, known, asked, done = self.cart, self.known, len(self.cart.offers), 0
        due = self._due(asked)
        for k, offer in enumerate(cart.offers):
            if offer.rank > due:
                asked = self._ask(view, asked, offer.rank)
                due = self._due(asked)
            if not mask >> k & 1:
                if k in known.refused and not ties.line[k]:
                    self.why[k] = known.refused[k]
                elif not known.could >> k & 1:
                    self._other(view, k, ties)
                continue
            view.pass_on(k, offer, ties.open_rows(k, self.amounts, done) if ties.line[k] else cart.rows[k])
            served = self._known(view) if k in known.served else offered(view) if view.goods else CLOSED
            if isinstance(served, No):
                self._refuse(view, served, ties, member=True)
                continue
            self.served[k] = served
            done |= 1 << k
            if offer.tells:
                self._tell(view, k)
            serve(view, served)
        self.mask = done
        return asked

    def _taken_over(self, view: View, ties: Ties, mask: int) -> bool:
        """Take the end of the search for the whole play, where nobody asks for the amounts on the way to it."""
        cart, known, end = self.cart, self.known, self.known.end
        if end is None or not cart.plain or len(known.served) != mask.bit_count():
            return False
        view.amounts, n = end, len(cart.offers)
        for k, offer in enumerate(cart.offers):
            if mask >> k & 1:
                if offer.tells:
                    break
            elif k in known.refused and not ties.line[k]:
                self.why[k] = known.refused[k]
            elif not (known.could >> k & 1 or self._settled(view, k, offer, ties.still_open(k, cart.rows[k], end))):
                break
        else:
            if all([self._settled(view, n + i, offer, cart.rows[n + i]) for i, offer in enumerate(cart.unchosen)]):
                self.amounts, self.mask = end, mask
                self.served = {k: known.served[k] for k in bits_of(mask)}
                return True
        self.why, view.amounts = {}, self.amounts
        return False

    def _settled(self, view: View, k: int, offer: Offer, goods: list[int]) -> bool:
        """Whether the end tells what an offer lacked at its turn: nothing, or units.

        Whoever is certain to serve at the end was so before, for amounts only fall.
        """
        if len(goods) != len(self.cart.rows[k]):
            return False
        view.pass_on(k, offer, goods)
        if sure(view):
            return True
        no = None if offer.tests or offer.untouched else offer.benefit.wanting(view)
        if no is None:
            return False
        self.why[k] = no
        return True

    def _known(self, view: View) -> Served:
        """What the search saw a member take."""
        if view.offer.untouched:
            view.narrow(untouched(self.cart, view.goods, self.amounts))
        return self.known.served[view.k]

    def _other(self, view: View, k: int, ties: Ties) -> None:
        """What a candidate lacks that is not in the set."""
        view.pass_on(k, self.cart.offers[k], ties.open_rows(k, self.amounts) if ties.line[k] else self.cart.rows[k])
        no = lacking(view) if view.goods else CLOSED
        if no is not None:
            self._refuse(view, no, ties, member=False)

    def _due(self, k: int) -> int:
        """The rank of the coupon `k` that was not chosen; that after every other when there are no more."""
        cart = self.cart
        return cart.unchosen[k - len(cart.offers)].rank if k < len(cart.rows) else LAST

    def _ask(self, view: View, k: int, rank: int) -> int:
        """What the coupons from `k` on that were not chosen lack, up to the turn of `rank`; gives the next of them."""
        cart = self.cart
        candidates, unchosen = len(cart.offers), cart.unchosen
        while k < len(cart.rows) and unchosen[k - candidates].rank < rank:
            view.pass_on(k, unchosen[k - candidates], cart.rows[k])
            no = lacking(view)
            if no is not None:
                self.why[k] = no
            k += 1
        return k

    def _tell(self, view: View, k: int) -> None:
        """What would make an offer that serves give more, and what is paid ahead of the rest."""
        further = view.offer.benefit.further(view)
        if further is not None:
            self.further[k] = further
        self.paid[k] = view.offer.benefit.paid(view)

    def _refuse(self, view: View, no: No, ties: Ties, member: bool) -> None:
        """Note why the view's candidate does not serve, unless it could were it not for the rows that are closed to it.

        With every row closed, it is what it lacks on its rows as they are.
        """
        k, rows = view.k, self.cart.rows[view.k]
        goods = ties.open_rows(k, self.amounts) if ties.line[k] else rows
        if len(goods) == len(rows):
            self.why[k] = no
            return
        view.pass_on(k, view.offer, rows)
        whole = lacking(view)
        if whole is None:
            if member:
                self.why[k] = no
        else:
            self.why[k] = no if goods else whole

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
