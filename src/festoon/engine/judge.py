"""The verdict of every offer that meets a cart, from the play that decided it."""

from __future__ import annotations

from festoon.engine.amounts import pieces
from festoon.engine.cart import Cart
from festoon.engine.offer import Offer
from festoon.engine.play import Play
from festoon.engine.pricetags import holders
from festoon.engine.turn import turn, untouched
from festoon.engine.verdicts import VERDICTS, No, Verdict
from festoon.engine.view import View

NOT_CHOSEN = No("not_chosen", "not_chosen")
FIRST = VERDICTS[: VERDICTS.index("not_chosen")]
"""What is said before it of a coupon that was not chosen."""


def verdicts(play: Play) -> list[Verdict]:
    """One verdict for every offer whose scope meets the cart, in the order of turns."""
    cart, taken = play.cart, totals(play)
    served = {one.k: one for one in play.amounts.log()}
    found = [(offer.rank, Verdict(offer.code, offer.name, no.verdict, no)) for offer, no in cart.refused]
    for offer, goods in cart.unchosen:
        no = _unchosen(play, offer, goods)
        found.append((offer.rank, Verdict(offer.code, offer.name, no.verdict, no)))
    for k, offer in enumerate(cart.offers):
        why = play.why.get(k)
        if play.mask >> k & 1:
            verdict = Verdict(offer.code, offer.name, "applied")
            verdict.amount = taken[k]
            verdict.cut_by_floor, verdict.scarce = served[k].floor_cut, served[k].scarce
            verdict.further = offer.benefit.further(_turn_of(play, k))
        elif why is not None:
            verdict = Verdict(offer.code, offer.name, why.verdict, why)
            if why.reason == "lower_price":
                _name(verdict, cart, _lower(play, k))
        else:
            verdict = Verdict(offer.code, offer.name, "beaten")
            _stand_in_the_way(play, k, verdict)
        found.append((offer.rank, verdict))
    found.sort(key=_rank)
    return [verdict for _, verdict in found]


def _rank(item: tuple[int, Verdict]) -> int:
    return item[0]


def _turn_of(play: Play, k: int) -> View:
    """What candidate k saw at its turn: without the rows that an exclusion closed to it."""
    before = play.before(k)
    goods = play.ties.open_rows(k, before) if play.ties is not None else play.cart.rows[k]
    if play.cart.offers[k].scope.untouched:
        goods = untouched(play.cart, goods, before)
    return View(play.cart, k, play.cart.offers[k], goods, before)


def _unchosen(play: Play, offer: Offer, goods: list[int]) -> No:
    """What a coupon that was not chosen still lacks on the amounts that reach it; or that it can be chosen."""
    more = play.cart.with_one_more(offer, goods)
    after = turn(more, len(play.cart.offers), goods, play.reaching(offer.rank))
    return after if isinstance(after, No) and after.verdict in FIRST else NOT_CHOSEN


def totals(play: Play) -> list[int]:
    """What each candidate took in all, the price stage by who holds the units at its end."""
    cart = play.cart
    taken = [0] * len(cart.offers)
    for served in play.amounts.log():
        if not served.tagged:
            taken[served.k] += served.total
    for r, bids in play.amounts.bids.items():
        for cut, _, k in pieces(bids, cart.facts.rows[r].quantity):
            taken[k] += cut
    return taken


def _stand_in_the_way(play: Play, k: int, verdict: Verdict) -> None:
    """Name the applied offers that exclude candidate k, and say whether any choice could have taken it."""
    cart, ties = play.cart, play.ties
    if ties is None:
        return
    tied = [j for j in range(len(cart.offers)) if _ties(play, k, j)]
    for j in tied:
        relation, other = ties.between(k, j), cart.offers[j]
        locked = relation is None or relation.lock or (ties.tied(j) & ~ties.yields[j]) >> k & 1
        if verdict.code == "beaten" and (other.always or locked):
            verdict.code = "excluded"
            verdict.relation = relation.code if relation is not None else "exclusive"
    if tied and not verdict.relation:
        relation = ties.between(k, tied[0])
        verdict.relation = relation.code if relation is not None else "exclusive"
    if not tied and cart.offers[k].coupon:
        tied = [j for j in cart.chosen if play.mask >> j & 1]  # no exclusion: they leave each other too little
    _name(verdict, cart, tied)


def _ties(play: Play, k: int, j: int) -> bool:
    """Whether the applied candidate j keeps candidate k out: of the order, or of a row of its own."""
    ties = play.ties
    if ties is None or not play.mask >> j & 1:
        return False
    if ties.order[k] >> j & 1:
        return True
    return bool(ties.line[k] >> j & 1) and any(play.amounts.serves[r] >> j & 1 for r in play.cart.rows[k])


def _lower(play: Play, k: int) -> list[int]:
    quantities = [row.quantity for row in play.cart.facts.rows]
    return sorted(holders(play.amounts, play.cart.rows[k], quantities))


def _name(verdict: Verdict, cart: Cart, others: list[int]) -> None:
    verdict.by = tuple([cart.offers[j].code for j in others])
    verdict.names = tuple([cart.offers[j].name for j in others])
