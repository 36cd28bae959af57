"""The shop's events: what shoppers looked at, shared, put into the basket."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody

from festoon.api.door import Key, now, writes
from festoon.api.parts import Code, Moment, Place
from festoon.api.refusals import SHAPE
from festoon.distribution.shop_events import MOST, take_events


class ShopEvent(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One thing a shopper did. `id` is the shop's own and unique for ever: the same sent twice counts once."""

    kind: Code
    id: Code | None = None
    at: Moment | None = None
    campaign: Code | None = None
    offer: Code | None = None
    shopper: Code | None = None
    sku: Code | None = None
    scene: Place = ""


class Events(msgspec.Struct, forbid_unknown_fields=True):
    """At most 1,000 events. Kinds: campaign.opened, campaign.shared, offer.viewed, product.viewed, basket.filled,
    checkout.opened.
    """

    events: Annotated[list[ShopEvent], msgspec.Meta(min_length=1, max_length=MOST)]


class RefusedEvent(msgspec.Struct):
    """An event that was not taken: its place in the batch, from 0, and why."""

    index: int
    field: str
    code: str
    en: str
    zh: str


class Taken(msgspec.Struct):
    """How many events were taken, and which were not. What was not taken may be mended and sent with a new key."""

    taken: int
    refused: list[RefusedEvent]


@writes("/events", scope="events.write", refuses=[*SHAPE, "key_reused"], status=200)
def send_events(data: JSONBody[Events], request: Request[Any, Any, Any], key: Key) -> Taken:
    """Send a batch of the shop's events. Each is checked for itself; channel and store are the API key's."""
    rows = [{name: value for name, value in msgspec.structs.asdict(event).items() if value} for event in data.events]
    return msgspec.convert(take_events(rows, by=request.user, now=now(), key=key).to_data(), Taken)
