"""A price: a pure function of the book and the facts."""

from __future__ import annotations

from festoon.engine.book import Book
from festoon.engine.cart import Cart
from festoon.engine.choice import choose, saved_with
from festoon.engine.facts import Facts
from festoon.engine.play import Play
from festoon.engine.quote import Quote
from festoon.engine.ties import Ties, live_ties

STEPS = 5_000
"""Branches the choice may look at before it answers with a bound instead of a proof."""


class CurrencyError(ValueError):
    """The cart is in another currency than the book."""


def price(book: Book, facts: Facts, *, explain: str = "verdicts", steps: int = STEPS, better: bool = False) -> Quote:
    """The best legal price of the cart under the book.

    `explain`: "none" leaves the verdicts out, "verdicts" gives one for every offer in reach, "full" says of the beaten
    ones also by how much, at a search each. `better` names coupons of the wallet that would save more than those that
    were chosen, at a search. Raises CurrencyError.
    """
    if facts.currency != book.currency:
        raise CurrencyError(f"the cart is in {facts.currency}, the offers are in {book.currency}")
    cart = Cart(book, facts)
    ties = live_ties(cart)
    if ties is None:
        play = Play(cart, None, -1)
        if play.all_coupons_served() or len(cart.chosen) == 1:
            quote = Quote(play, 0, 0, explain != "none")
            if better and not facts.best:
                _look_in_the_wallet(quote, steps)
            return quote
        ties = Ties(cart)
    choice = choose(cart, ties, steps)
    quote = Quote(Play(cart, ties, choice.mask, choice.found), choice.bound, choice.steps, explain != "none")
    if explain == "full":
        _say_by_how_much(quote, ties, steps)
    if better and not facts.best:
        _look_in_the_wallet(quote, steps)
    return quote


def _look_in_the_wallet(quote: Quote, steps: int) -> None:
    """Name the coupons of the wallet that save more than those that serve now, and what they gain."""
    cart = quote.play.cart
    if not cart.facts.wallet:
        return
    best = price(cart.book, cart.facts.freed(), explain="none", steps=steps)
    gain = best.play.amounts.saved - quote.play.amounts.saved
    if gain > 0:
        quote.better = gain, best.coupons()


def _say_by_how_much(quote: Quote, ties: Ties, steps: int) -> None:
    """Tell of each beaten offer how much less would be saved with it: a second search with the offer forced in.

    Exactly, or not at all: nothing is told where either search ran out of steps, or a rule and not the saving decided.
    """
    if not quote.optimal:
        return
    cart, play = quote.play.cart, quote.play
    places = {offer.code: k for k, offer in enumerate(cart.offers)}
    for verdict in quote.verdicts:
        if verdict.code == "beaten" and verdict.no is None:
            saved = saved_with(cart, ties, steps, play.mask, places[verdict.offer])
            if saved is not None and saved <= play.amounts.saved:
                verdict.worse_by = play.amounts.saved - saved
