"""A price: a pure function of the book and the facts."""

from __future__ import annotations

from festoon.engine.book import Book
from festoon.engine.cart import Cart
from festoon.engine.choice import choose
from festoon.engine.facts import Facts
from festoon.engine.play import Play
from festoon.engine.quote import Quote
from festoon.engine.ties import Ties, live_ties

STEPS = 5_000
"""Branches the choice may look at before it answers with a bound instead of a proof."""


class CurrencyError(ValueError):
    """The cart is in another currency than the book."""


def price(book: Book, facts: Facts, *, explain: str = "verdicts", steps: int = STEPS) -> Quote:
    """The best legal price of the cart under the book.

    `explain`: "none" leaves the verdicts out, "verdicts" gives one for every offer in reach. Raises CurrencyError.
    """
    if facts.currency != book.currency:
        raise CurrencyError(f"the cart is in {facts.currency}, the offers are in {book.currency}")
    cart = Cart(book, facts)
    ties = live_ties(cart)
    if ties is None:
        play = Play(cart, None, -1)
        if play.all_coupons_served() or len(cart.chosen) == 1:
            return Quote(play, 0, 0, explain != "none")
        ties = Ties(cart)
    choice = choose(cart, ties, steps)
    return Quote(Play(cart, ties, choice.mask), choice.bound, choice.steps, explain != "none")
