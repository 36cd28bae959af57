"""Try it: a basket kept in the address, priced by the real quote, with what would change under other rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict

from festoon.catalog.goods import goods
from festoon.checkout import quotes
from festoon.checkout.request import LineRequest, QuoteRequest
from festoon.checkout.token import open_token
from festoon.console.asked import whole
from festoon.engine.price import price
from festoon.offers.book import book_data
from festoon.records.viewer import Viewer
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts

SHIPPING = 800
GOODS = "n."
MOST = 99


@dataclass(frozen=True, slots=True)
class Basket:
    """What the screen asks to price. `store` empty is the app; `pair` are the offers ticked as exclusive."""

    quantities: Mapping[str, int]
    shopper: str
    store: str
    chosen: Sequence[str]
    pair: Sequence[str]
    grain: str

    @property
    def channel(self) -> str:
        """A basket in a store is of the channel `store`, any other of the app."""
        return "store" if self.store else "app"


def read(query: QueryDict) -> Basket:
    """The basket of an address: `n.<sku>=<quantity>`, shopper, store, coupons, ticks; nonsense counts as nothing."""
    counts = {name.removeprefix(GOODS): str(query[name]) for name in query if name.startswith(GOODS)}
    return Basket(
        quantities={sku: min(count, MOST) for sku, n in counts.items() if (count := whole(n))},
        shopper=query.get("shopper", ""),
        store=query.get("store", ""),
        chosen=query.getlist("coupon"),
        pair=list(dict.fromkeys(query.getlist("tick")))[:2],
        grain="line" if query.get("grain") == "line" else "order",
    )


def quote(basket: Basket, *, by: Viewer, now: datetime) -> Any:
    """The quote of the basket as the shop's app, or the till of its store, would get it."""
    till = replace(by, channel=basket.channel, store=basket.store)
    return quotes.quote(request(basket, now=now), by=till, now=now)


def request(basket: Basket, *, now: datetime) -> QuoteRequest:
    """The basket as a shop sends it, at list prices."""
    prices = goods(now).prices
    lines = [
        LineRequest(id=sku, sku=sku, quantity=count, unit_price=prices[sku])
        for sku, count in basket.quantities.items()
        if sku in prices
    ]
    shipping = 0 if basket.store else SHIPPING
    return QuoteRequest(
        lines=lines, shipping=shipping, buyer=basket.shopper, chosen=basket.chosen, explain="full", words=True
    )


def facts(answer: Any) -> Mapping[str, Any]:
    """The whole facts a quote was made of, out of its token."""
    found: Mapping[str, Any] = open_token(answer.token)["facts"]
    return found


def compared(basket: Basket, answer: Any, *, currency: str) -> Mapping[str, Any] | None:
    """The same facts priced as if the two ticked offers excluded each other; None unless two live ones are ticked."""
    data = book_data(currency)
    known = {offer["code"] for offer in data["offers"]}
    if len(basket.pair) < 2 or not known.issuperset(basket.pair):
        return None
    tried = {"code": "tried", "between": list(basket.pair), "grain": basket.grain}
    book = read_book({**data, "exclusions": [*data["exclusions"], tried]})
    return price(book, read_facts(facts(answer)), explain="verdicts").to_data(words=True)
