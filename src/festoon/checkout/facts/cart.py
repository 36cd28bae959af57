"""A request made into facts: the whole cart, as the engine prices it and the token keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from festoon.checkout import limits
from festoon.checkout.book import Loaded
from festoon.checkout.facts import buyer, goods, wallet
from festoon.checkout.facts.availability import Left, Reach, clipped
from festoon.checkout.facts.merchants import merchant
from festoon.checkout.facts.reading import Found, Wanted
from festoon.checkout.request import QuoteRequest, check
from festoon.engine.facts import Facts
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.rulebook.facts import BEST, FactsError, read_facts, read_more


def currency(request: QuoteRequest, by: Viewer) -> str:
    """The currency of the cart: the one it says, else the merchant's."""
    return request.currency or merchant(by.merchant_id).currency


def asked(request: QuoteRequest, *, by: Viewer, now: datetime) -> dict[str, Any]:
    """The part of the facts that the request and the catalogue settle; raises Invalid with the field."""
    check(request)
    moment = request.moment if request.moment and abs(request.moment - now) <= limits.MOMENT_AWAY else now
    whose = merchant(by.merchant_id)
    cart = {
        "currency": currency(request, by),
        "moment": moment.astimezone(UTC).isoformat(),
        "channel": by.channel,
        "scene": request.scene,
        "payment": request.payment,
        "store": by.store,
        "merchant": whose.code,
        "lines": goods.lines(request.lines, currency(request, by), by=by, now=now),
        "shipping": request.shipping,
        "buyer": {"id": request.buyer} if request.buyer else None,
        "chosen": BEST if request.chosen == BEST else list(request.chosen),
    }
    return {name: value for name, value in cart.items() if value not in (None, "", [])}


@dataclass(frozen=True, slots=True)
class Question:
    """A cart whose goods are known, and what must be read of the database before it can be priced."""

    cart: Mapping[str, Any]
    facts: Facts
    reach: Reach
    loaded: Loaded
    wanted: Wanted

    def with_wallet(self, found: Found, *, at: datetime, by_hand: bool = True) -> Known:
        """The cart with its buyer, the coupons free at this moment, and what is left, as they were read.

        `by_hand`: the shopper chose these coupons now, and what cannot be used is refused; else they were chosen
        before, and what is no longer free is left out. Where the best of the wallet was asked for, it is sought again.
        """
        person = buyer.known(self.wanted.buyer, found.person)
        wish = self.cart.get("chosen", ())
        held, chosen = (wallet.wallet if by_hand else wallet.still)(found, () if wish == BEST else wish, at=at)
        for coupon in held:
            if "balance" in coupon and not self._pays_in_parts(coupon["offer"]):
                del coupon["balance"]
        told: dict[str, Any] = {**self.cart, "wallet": held, "chosen": BEST if wish == BEST else chosen}
        if person is not None:
            told["buyer"] = buyer.told(person, self.reach.needs())
        left = Left(found.accounts, person)
        told["availability"] = self.reach.available(self.loaded, left, self.wanted.buyer)
        cart = {name: value for name, value in told.items() if value not in ([], {})}
        return Known(cart, more(self.facts, cart), left)

    def _pays_in_parts(self, offer: str) -> bool:
        rank = self.loaded.book.ranks.get(offer)
        return rank is not None and self.loaded.book.offers[rank].benefit.balance


@dataclass(frozen=True, slots=True)
class Known:
    """A cart as it can be priced: as data, as facts, and how the accounts stood."""

    cart: Mapping[str, Any]
    facts: Facts
    left: Left

    def clipped(self, offer: str, budget: int) -> Known:
        """The cart with this offer's budget lowered."""
        cart = clipped(self.cart, offer, budget)
        return Known(cart, more(self.facts, cart), self.left)


def question(cart: Mapping[str, Any], loaded: Loaded, *, by: Viewer) -> Question:
    """What must be read for a cart that was `asked`, or `known` before."""
    shopper = (cart.get("buyer") or {}).get("id", "")
    bare = {name: value for name, value in cart.items() if name not in ("chosen", "wallet", "availability")}
    facts = read(bare)
    reach = Reach.of(loaded, facts)
    wanted = Wanted(shopper, by.merchant_id, reach.accounts(loaded, shopper))
    return Question(cart, facts, reach, loaded, wanted)


def known(cart: Mapping[str, Any], loaded: Loaded, *, by: Viewer) -> Known:
    """The cart with its buyer as far as the offers in reach ask, and the wallet of now."""
    asked = question(cart, loaded, by=by)
    return asked.with_wallet(asked.wanted.read(), at=datetime.fromisoformat(cart["moment"]))


def anew(cart: Mapping[str, Any], loaded: Loaded, *, by: Viewer, now: datetime) -> Known:
    """A cart that was `known` before, with its buyer and wallet of now; chosen coupons no longer free are left out."""
    asked = question(cart, loaded, by=by)
    return asked.with_wallet(asked.wanted.read(), at=now, by_hand=False)


def read(cart: Mapping[str, Any]) -> Facts:
    """The facts of the cart; what cannot be priced is an Invalid that names the field."""
    try:
        return read_facts(cart)
    except FactsError as error:
        raise Invalid(error.code, error.words, field=error.field) from None


def more(facts: Facts, cart: Mapping[str, Any]) -> Facts:
    """The same goods with what else became known of the cart."""
    try:
        return read_more(facts, cart)
    except FactsError as error:
        raise Invalid(error.code, error.words, field=error.field) from None
