"""The deepest stacks an offer takes part in, as a viewer may see them: found at submission, or asked for while it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.goods import goods
from festoon.console import words
from festoon.offers import passage
from festoon.offers import queries as offers
from festoon.offers.models import Offer
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews

FLAGS = {
    "free": Words("The shopper pays nothing", "顾客支付为零"),
    "below_cost": Words("Below cost", "低于成本"),
    "at_floor": Words("At the floor price", "触及底价"),
    "deep": Words("Half off or more", "五折及以下"),
}
"""What a worst stack is flagged for."""


def found(viewer: Viewer, made: Offer, kept: Offer | None, *, now: datetime) -> Mapping[str, Any]:
    """Look now: for the draft as it is on the desk; `kept` is the offer it is a draft of."""
    made.pk = kept.pk if kept is not None else None
    stacks = passage.stacks_of([made], goods(now), now)[made.code]
    return shown(viewer, reviews.costed(viewer, made.kind, stacks), made.merchant.currency)


def last(viewer: Viewer, offer: Any) -> Mapping[str, Any]:
    """What was found when the offer was last submitted."""
    review = reviews.latest(viewer, offer.kind, offer.code)
    stacks = reviews.expected(viewer, review).get("worst", ()) if review is not None else ()
    return shown(viewer, stacks, offer.merchant.currency)


def shown(viewer: Viewer, stacks: Sequence[Mapping[str, Any]], currency: str) -> Mapping[str, Any]:
    """The stacks with their goods, the deepest first; what the viewer may not know of has no name."""
    codes = {one["offer"] for each in stacks for one in each["offers"]}
    known = (
        codes
        if viewer.is_platform
        else set(offers.visible(viewer).filter(code__in=codes).values_list("code", flat=True))
    )
    told = [{**each, "offers": [_named(one, known) for one in each["offers"]]} for each in stacks]
    skus = {sku for each in told for sku in (each["sku"], *(sku for sku, _ in each.get("beside", ())))}
    products = {product.sku: product for product in catalog.visible(viewer).filter(sku__in=skus)}
    return {"worst": told, "products": products, "flags": FLAGS, "currency": currency}


def _named(one: Mapping[str, Any], known: set[str]) -> Mapping[str, Any]:
    return one if one["offer"] in known else {**one, "offer": "", "name": words.ANOTHER}
