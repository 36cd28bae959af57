"""A request made into facts: the whole cart, as the engine prices it and the token keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from typing import Any

import msgspec

from festoon.base.windows import since_1970
from festoon.checkout import limits
from festoon.checkout.book import Loaded
from festoon.checkout.facts import buyer, goods, wallet
from festoon.checkout.facts.availability import Left, Less, Reach, clipped
from festoon.checkout.facts.merchants import merchant
from festoon.checkout.facts.reading import Found, Wanted
from festoon.checkout.request import QuoteRequest, check
from festoon.engine.facts import Availability, Buyer, Facts, Held, Row
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.rulebook.facts import BEST, FactsError, read_facts, read_more

SUM = "sum of purchase"
"""In the place of a sku, where nobody entered any."""


class Stated(msgspec.Struct, frozen=True):
    """The part of the facts that the request and the catalogue settle.

    `at` is the cart's moment in microseconds since 1970; `rows` are the goods of `cart` as the engine takes them, None
    where they must be read of the cart and checked.
    """

    cart: dict[str, Any]
    at: int
    rows: list[Row] | None

    @property
    def currency(self) -> str:
        """What the cart is priced in."""
        return str(self.cart["currency"])


def asked(request: QuoteRequest, *, by: Viewer, now: datetime) -> Stated:
    """The part of the facts that the request and the catalogue settle; raises Invalid with the field."""
    check(request)
    moment = request.moment if request.moment and abs(request.moment - now) <= limits.MOMENT_AWAY else now
    whose = merchant(by.merchant_id)
    currency = request.currency or whose.currency
    lines, rows = goods.basket(request.lines, currency, by=by, now=now) if request.lines else ([], None)
    cart = {
        "currency": currency,
        "moment": moment.astimezone(UTC).isoformat(),
        "channel": by.channel,
        "scene": request.scene,
        "payment": request.payment,
        "store": by.store,
        "merchant": whose.code,
        "lines": lines,
        "shipping": request.shipping,
        "buyer": {"id": request.buyer} if request.buyer else None,
        "chosen": BEST if request.chosen == BEST else list(request.chosen),
    }
    if request.only_sum is not None:
        cart |= _summed(request, by)
    known = {name: value for name, value in cart.items() if value or value == 0}
    return Stated(known, since_1970(moment), rows)


def _summed(request: QuoteRequest, by: Viewer) -> dict[str, Any]:
    """One line for all that was bought here; what was seen goes into the facts with the name of who saw it."""
    line = {
        "id": "1",
        "sku": SUM,
        "quantity": 1,
        "unit_price": request.only_sum,
        "merchant": merchant(by.merchant_id).code,
    }
    seen = {"confirmed_by_eye": sorted(request.seen), "confirmed_by": by.name} if request.seen else {}
    return {"lines": [line | ({"store": by.store} if by.store else {})], "only_sum": True, **seen}


class Question(msgspec.Struct, frozen=True):
    """A cart whose goods are known, and what must be read of the database before it can be priced."""

    cart: Mapping[str, Any]
    facts: Facts
    reach: Reach
    loaded: Loaded
    wanted: Wanted

    def with_wallet(self, found: Found, *, at: int | None = None, by_hand: bool = True) -> Known:
        """The cart with its buyer, the coupons free at this moment (None: the cart's), and what is left, as read.

        `by_hand`: the shopper chose these coupons now, and what cannot be used is refused; else they were chosen
        before, and what is no longer free is left out. Where the best of the wallet was asked for, it is sought again.
        """
        person = buyer.known(self.wanted.buyer, found.person)
        wish = self.cart.get("chosen", ())
        choose = wallet.wallet if by_hand else wallet.still
        named = () if wish == BEST else wish
        held, chosen = choose(found, named, at=self.facts.at if at is None else at, parts=self.loaded.parts)
        cart: dict[str, Any] = {**self.cart, "wallet": [told for told, _ in held], "chosen": chosen}
        if wish == BEST:
            cart["chosen"] = BEST
        if person is not None:
            cart["buyer"] = buyer.told(person, self.reach.needs())
        left = self.reach.left(found.accounts, person)
        cart["availability"] = self.reach.available(self.loaded, left, self.wanted.buyer)
        for name in ("wallet", "chosen", "availability"):
            if not cart[name]:
                del cart[name]
        if len(set(chosen)) < len(chosen):  # one coupon by its id and by its code: said in the words of the facts
            return Known(cart, more(self.facts, cart), left)
        return Known(cart, _with(self.facts, cart, [one for _, one in held], chosen), left)


def _with(facts: Facts, cart: Mapping[str, Any], held: Sequence[Held], chosen: Sequence[str]) -> Facts:
    """What `more` makes of the cart, where all of it is our own and needs no check."""
    found, who = copy(facts), cart.get("buyer")
    found.buyer = Buyer() if who is None else Buyer(**{**who, "segments": frozenset(who.get("segments", ()))})
    found.wallet, found.chosen, found.best = tuple(held), tuple(chosen), cart.get("chosen") == BEST
    found.availability = {offer: Availability(**left) for offer, left in cart.get("availability", {}).items()}
    found.data = cart
    return found


class Known(msgspec.Struct, frozen=True):
    """A cart as it can be priced: as data, as facts, and how the accounts stood."""

    cart: Mapping[str, Any]
    facts: Facts
    left: Left

    def clipped(self, less: Less) -> Known:
        """The cart with less of these offers."""
        cart = clipped(self.cart, less)
        return Known(cart, more(self.facts, cart), self.left)


def question(stated: Stated, loaded: Loaded, *, by: Viewer) -> Question:
    """What must be read for a cart that was `asked`, or `known` before."""
    cart = stated.cart
    shopper = (cart.get("buyer") or {}).get("id", "")
    facts = _bare(stated)
    reach = Reach.of(loaded, facts)
    wanted = Wanted(shopper, by.merchant_id, reach.accounts(loaded, shopper))
    return Question(cart, facts, reach, loaded, wanted)


def _bare(stated: Stated) -> Facts:
    """The facts but for wallet, choice and what is left."""
    cart, rows = stated.cart, stated.rows
    if rows is None:
        return read({name: value for name, value in cart.items() if name not in ("chosen", "wallet", "availability")})
    told = {name: cart[name] for name in _TEXTS if name in cart}
    return Facts(cart["currency"], cart["moment"], stated.at, rows, shipping=cart["shipping"], **told)


_TEXTS = ("channel", "scene", "store", "merchant", "payment")


def known(stated: Stated, loaded: Loaded, *, by: Viewer) -> Known:
    """The cart with its buyer as far as the offers in reach ask, and the wallet of now."""
    asked = question(stated, loaded, by=by)
    return asked.with_wallet(asked.wanted.read())


def anew(cart: Mapping[str, Any], loaded: Loaded, *, by: Viewer, now: datetime) -> Known:
    """A cart that was `known` before, with its buyer and wallet of now; chosen coupons no longer free are left out."""
    at = since_1970(now)
    asked = question(Stated(dict(cart), at, None), loaded, by=by)
    return asked.with_wallet(asked.wanted.read(), at=at, by_hand=False)


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
