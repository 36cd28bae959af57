"""A request made into facts: the whole cart, as the engine prices it and the token keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from festoon.catalog.models import Shopper
from festoon.checkout import limits
from festoon.checkout.book import Loaded
from festoon.checkout.facts import buyer, goods, wallet
from festoon.checkout.facts.merchants import merchant
from festoon.checkout.request import QuoteRequest, check
from festoon.engine.facts import Facts
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.rulebook.facts import FactsError, read_facts


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
        "store": by.store,
        "merchant": whose.code,
        "lines": goods.lines(request.lines, currency(request, by), by=by, now=now),
        "shipping": request.shipping,
        "buyer": {"id": request.buyer} if request.buyer else None,
        "chosen": list(request.chosen),
    }
    return {name: value for name, value in cart.items() if value not in (None, "", [])}


def known(cart: Mapping[str, Any], loaded: Loaded, *, by: Viewer) -> dict[str, Any]:
    """The cart with its buyer as far as the offers in reach ask, and the wallet of now."""
    person = buyer.shopper((cart.get("buyer") or {}).get("id", ""))
    at = datetime.fromisoformat(cart["moment"])
    held, chosen = wallet.wallet(person, cart.get("chosen", ()), by=by, at=at)
    return _told(cart, person, held, chosen, loaded)


def anew(cart: Mapping[str, Any], loaded: Loaded, *, by: Viewer, now: datetime) -> dict[str, Any]:
    """A cart that was `known` before, with its buyer and wallet of now; chosen coupons no longer free are left out."""
    person = buyer.shopper((cart.get("buyer") or {}).get("id", ""))
    held, chosen = wallet.still(person, cart.get("chosen", ()), by=by, at=now)
    return _told(cart, person, held, chosen, loaded)


def _told(
    cart: Mapping[str, Any], person: Shopper | None, held: list[dict[str, Any]], chosen: list[str], loaded: Loaded
) -> dict[str, Any]:
    told: dict[str, Any] = {**cart, "wallet": held, "chosen": chosen}
    if person is not None:
        bare = {name: value for name, value in cart.items() if name not in ("chosen", "wallet")}
        told["buyer"] = buyer.told(person, loaded.book.needs(read(bare)))
    return {name: value for name, value in told.items() if value != []}


def read(cart: Mapping[str, Any]) -> Facts:
    """The facts of the cart; what cannot be priced is an Invalid that names the field."""
    try:
        return read_facts(cart)
    except FactsError as error:
        raise Invalid(error.code, error.words, field=error.field) from None
