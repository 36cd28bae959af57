"""Quote: a price, why, and a token that makes it binding. Nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from festoon.catalog import goods
from festoon.checkout import book, token
from festoon.checkout.answers import QuoteAnswer
from festoon.checkout.facts import cart as carts
from festoon.checkout.facts import merchants
from festoon.checkout.facts.cart import Question
from festoon.checkout.facts.reading import Found
from festoon.checkout.limits import QUOTE_LASTS
from festoon.checkout.pricing import Priced, priced
from festoon.checkout.request import QuoteRequest
from festoon.records.viewer import Viewer
from festoon.rulebook.facts import BEST

FEW = 50
"""Lines of a cart whose price is short work."""


class Asked(msgspec.Struct, frozen=True):
    """A quote but for what must be read of the database."""

    request: QuoteRequest
    question: Question
    by: Viewer
    now: datetime

    @property
    def is_short_work(self) -> bool:
        """Whether the price is a fraction of a millisecond's work: few lines, and nothing to search among."""
        book, request = self.question.loaded.book, self.request
        searched = request.explain == "full" or request.chosen == BEST or request.better
        tied = bool(book.partners) and not book.partners.keys().isdisjoint(self.question.reach.ranks)
        return len(request.lines) <= FEW and not searched and not tied

    def answer(self, found: Found) -> QuoteAnswer:
        """The price, with the buyer, the wallet and the accounts as they were read."""
        question, request = self.question, self.request
        known = question.with_wallet(found)
        price = priced(known, question.loaded, explain=request.explain, words=request.words, better=request.better)
        return answer(price, by=self.by, now=self.now)


def quote(request: QuoteRequest, *, by: Viewer, now: datetime) -> QuoteAnswer:
    """Price a cart for the viewer's channel and store.

    A pure function of the request, the catalogue, the buyer, the book and what is left; `quote` is the hash of all of
    it. Raises Invalid naming the field for a cart that cannot be priced.
    """
    asked = ask(request, by=by, now=now)
    return asked.answer(asked.question.wanted.read())


def ask(request: QuoteRequest, *, by: Viewer, now: datetime) -> Asked:
    """The first half of `quote`, for whoever reads the database by a way of its own: asks it nothing `at_hand`."""
    by.require("quotes.write")
    asked = carts.asked(request, by=by, now=now)
    return Asked(request, carts.question(asked, book.current(now, asked.currency), by=by), by, now)


def at_hand(currency: str, *, by: Viewer, now: datetime) -> bool:
    """Whether goods, merchants and the book of the currency ("" the merchant's) are in memory and new enough."""
    return (
        merchants.at_hand(by.merchant_id)
        and goods.at_hand(now)
        and book.at_hand(currency or merchants.merchant(by.merchant_id).currency)
    )


def take_to_hand(currency: str, *, by: Viewer, now: datetime) -> tuple[str, int | None, int]:
    """Read what `at_hand` misses; the currency, the number of the goods and that of its book.

    Raises 503 when the book cannot be known.
    """
    whose = merchants.merchant(by.merchant_id)
    currency = currency or whose.currency
    return currency, goods.goods(now).number, book.current(now, currency).number


def answer(found: Priced, *, by: Viewer, now: datetime, kept: bool = False) -> QuoteAnswer:
    """A priced cart as a quote that may be held; `kept`: its token is to be stored, and so made small."""
    until = (now + QUOTE_LASTS).astimezone(UTC)
    content = {
        "v": 1,
        "merchant": by.merchant_id,
        "book": found.data["book"],
        "until": until.isoformat(),
        "facts": msgspec.Raw(found.said),
        "priced": found.summary(),
    }
    return QuoteAnswer(
        quote=found.data["quote"],
        book=found.data["book"],
        moment=found.data["moment"],
        currency=found.data["currency"],
        payable=found.payable,
        price=found.data,
        token=token.seal(content, kept=kept),
        valid_until=until,
    )
