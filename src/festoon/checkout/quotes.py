"""Quote: a price, why, and a token that makes it binding. Nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime

from festoon.checkout import book, token
from festoon.checkout.answers import QuoteAnswer
from festoon.checkout.facts import cart as carts
from festoon.checkout.limits import QUOTE_LASTS
from festoon.checkout.pricing import Priced, priced
from festoon.checkout.request import QuoteRequest
from festoon.records.viewer import Viewer


def quote(request: QuoteRequest, *, by: Viewer, now: datetime) -> QuoteAnswer:
    """Price a cart for the viewer's channel and store.

    A pure function of the request, the catalogue, the buyer, the book and what is left; `quote` is the hash of all of
    it. Raises Invalid naming the field for a cart that cannot be priced.
    """
    by.require("quotes.write")
    asked = carts.asked(request, by=by, now=now)
    loaded = book.current(now, asked["currency"])
    cart = carts.known(asked, loaded, by=by)
    return answer(priced(cart, loaded, explain=request.explain, words=request.words, better=request.better), by=by, now=now)


def answer(found: Priced, *, by: Viewer, now: datetime) -> QuoteAnswer:
    """A priced cart as a quote that may be held."""
    until = (now + QUOTE_LASTS).astimezone(UTC)
    content = {
        "v": 1,
        "merchant": by.merchant_id,
        "book": found.data["book"],
        "until": until.isoformat(),
        "facts": found.cart,
        "priced": found.summary(),
    }
    return QuoteAnswer(
        quote=found.data["quote"],
        book=found.data["book"],
        moment=found.data["moment"],
        currency=found.data["currency"],
        payable=found.payable,
        price=found.data,
        token=token.seal(content),
        valid_until=until,
    )
