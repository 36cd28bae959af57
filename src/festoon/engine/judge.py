"""The verdict of every offer that meets a cart, from the play that decided it."""

from __future__ import annotations

from typing import Final

from festoon.engine.amounts import pieces
from festoon.engine.cart import Cart
from festoon.engine.play import Play
from festoon.engine.pricetags import holders
from festoon.engine.ties import Ties, bits_of
from festoon.engine.verdicts import VERDICTS, No, Verdict

NOT_CHOSEN: Final = No("not_chosen", "not_chosen")
NOTHING: Final[dict[int, int]] = {}
FIRST: Final = VERDICTS[: VERDICTS.index("not_chosen")]
"""What is said before it of a coupon that was not chosen."""


def verdicts(play: Play) -> list[Verdict]:
    """One verdict for every offer whose scope meets the cart, in the order of turns."""
    cart, mask, took, why = play.cart, play.mask, play.served, play.why
    priced = price_totals(play) if play.amounts.bids else NOTHING
    found: dict[int, Verdict] = {}  # by the rank of the offer
    for k, offer in enumerate(cart.offers):
        if mask >> k & 1:
            served = took[k]
            amount = priced.get(k, served.total) if priced else served.total
            verdict = Verdict(offer.code, offer.name, "applied", None, amount)
            if served.floor_cut or served.scarce:
                verdict.cut_by_floor, verdict.scarce = served.floor_cut, served.scarce
        elif k in why:
            no = why[k]
            verdict = Verdict(offer.code, offer.name, no.verdict, no)
            if no.reason == "lower_price":
                _name(verdict, cart, _lower(play, k))
        else:
            verdict = Verdict(offer.code, offer.name, "beaten")
            _stand_in_the_way(play, k, verdict)
        found[offer.rank] = verdict
    for k, further in play.further.items():
        if mask >> k & 1:
            found[cart.offers[k].rank].further = further
    return _and_the_others(play, found) if cart.refused or cart.held else list(found.values())


def _and_the_others(play: Play, found: dict[int, Verdict]) -> list[Verdict]:
    """The verdicts on candidates, refused offers and unchosen coupons, in the order of the book."""
    cart = play.cart
    for offer, no in cart.refused:
        found[offer.rank] = Verdict(offer.code, offer.name, no.verdict, no)
    for k, offer in enumerate(cart.unchosen, len(cart.offers)):
        found[offer.rank] = _unchosen(play, k)
    return [found[rank] for rank in sorted(found)]


def _unchosen(play: Play, k: int) -> Verdict:
    """The verdict of a coupon that was not chosen: what it lacks on the amounts that reach it, or that it can be."""
    offer, no = play.cart.unchosen[k - len(play.cart.offers)], play.why.get(k, NOT_CHOSEN)
    no = no if no.verdict in FIRST else NOT_CHOSEN
    return Verdict(offer.code, offer.name, no.verdict, no)


def totals(play: Play) -> list[int]:
    """What each candidate took in all, the price stage by who holds the units at its end."""
    taken = [0] * len(play.cart.offers)
    for k, served in play.served.items():
        if served.bids is None:
            taken[k] = served.total
    for k, total in price_totals(play).items():
        taken[k] = total
    return taken


def price_totals(play: Play) -> dict[int, int]:
    """What each price offer took: what the units that it holds at the end of the price stage fell by."""
    taken = dict.fromkeys(play.served, 0)
    for r, bids in play.amounts.bids.items():
        for cut, _, k in pieces(bids, play.cart.facts.rows[r].quantity):
            taken[k] += cut
    return {k: total for k, total in taken.items() if play.served[k].bids is not None}


def _stand_in_the_way(play: Play, k: int, verdict: Verdict) -> None:
    """Name the applied offers that exclude candidate k, and say whether any choice could have taken it."""
    cart, ties = play.cart, play.ties
    if ties is None:
        return
    tied = bits_of(_in_the_way(play, ties, k))
    for j in tied:
        relation, other = ties.relations[(k, j) if k < j else (j, k)], cart.offers[j]
        locked = relation is None or relation.lock or (ties.tied[j] & ~ties.yields[j]) >> k & 1
        if verdict.code == "beaten" and (other.always or locked):
            verdict.code = "excluded"
            verdict.relation = relation.code if relation is not None else "exclusive"
    if tied and not verdict.relation:
        j = tied[0]
        relation = ties.relations[(k, j) if k < j else (j, k)]
        verdict.relation = relation.code if relation is not None else "exclusive"
    if not tied and cart.offers[k].coupon:
        tied = [j for j in cart.chosen if play.mask >> j & 1]  # no exclusion: they leave each other too little
    if not tied and not cart.steps_aside(k):
        tied = _on_its_rows(play, k)
    _name(verdict, cart, tied)


def _on_its_rows(play: Play, k: int) -> list[int]:
    """The applied candidates that took from where candidate k takes, which only beside others had come to serve."""
    rows = set(play.cart.rows[k])
    return [j for j, served in play.served.items() if play.mask >> j & 1 and not rows.isdisjoint(served.rows)]


def _in_the_way(play: Play, ties: Ties, k: int) -> int:
    """The applied candidates, as bits, that keep candidate k out: of the order, or of a row of its own."""
    found, line = ties.order[k] & play.mask, ties.line[k] & play.mask
    if line:
        reach = play.cart.reach(k, play.cart.rows[k])
        for j, rows in play.amounts.serves.items():
            if line >> j & 1 and rows & reach:
                found |= 1 << j
    return found


def _lower(play: Play, k: int) -> list[int]:
    quantities = [row.quantity for row in play.cart.facts.rows]
    return sorted(holders(play.amounts, play.cart.rows[k], quantities))


def _name(verdict: Verdict, cart: Cart, others: list[int]) -> None:
    verdict.by = tuple([cart.offers[j].code for j in others])
    verdict.names = tuple([cart.offers[j].name for j in others])
