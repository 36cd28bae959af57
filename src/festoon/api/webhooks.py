"""Who is told what happens, arranged by the shop's own systems: the same verbs as the console's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody, PathParameter, QueryParameter

from festoon.api.door import Key, now, reads, writes
from festoon.api.holds import Nothing
from festoon.api.parts import PRINTABLE
from festoon.api.refusals import SHAPE
from festoon.webhooks import actions, queries
from festoon.webhooks.actions import BOTH, RIGHT
from festoon.webhooks.models import Endpoint
from festoon.webhooks.signing import secret

MOST = 100
NUMBER = r"^[1-9][0-9]{0,17}(?!\n)$"
KEYED = ("key_reused", "not_found", "wrong_form")
WebhookId = Annotated[str, PathParameter(pattern=NUMBER, description="The id of the webhook.")]
Before = Annotated[str | None, QueryParameter(pattern=NUMBER, description="Only older ones: the `next` of an answer.")]
State = Annotated[
    Literal["waiting", "sent", "dead"] | None,
    QueryParameter(
        description="Only those in this state; dead: it will not be tried again by itself.",
    ),
]
DeliveryId = Annotated[str, msgspec.Meta(pattern=NUMBER, description="The id of a delivery.")]
Called = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=64, pattern=PRINTABLE, description="What people call it; once a merchant."),
]
Url = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=512, pattern=PRINTABLE,
        description="https, port 443 or 8443, a host in the internet; where it leads is looked at at each connection.",
    ),
]  # fmt: skip
Kind = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=PRINTABLE)]
Kinds = Annotated[
    list[Kind], msgspec.Meta(max_length=100, description="Kinds of events, such as order.redeemed; empty for all.")
]


class WebhookAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Where events are to be sent from now on."""

    name: Called
    url: Url
    kinds: Kinds = []


class WebhookChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be otherwise; what is left out stays. `state` paused: nothing is sent, what happens
    is kept until it is live again, up to 100,000 events.
    """

    name: Called | None = None
    url: Url | None = None
    kinds: Kinds | None = None
    state: Literal["live", "paused"] | None = None


class Webhook(msgspec.Struct):
    """Who is told. States: live, paused, gone (it answered 410), ended."""

    webhook: str
    name: str
    url: str
    kinds: list[str]
    state: str
    created_at: datetime


class NewWebhook(Webhook):
    """The receiver verifies by `secret`, after the Standard Webhooks specification."""

    secret: str


class WebhookStanding(Webhook):
    """With how many events wait for it, how many it did not take, and until when it is left alone after a failure."""

    waiting: int
    dead: int
    rests_until: datetime | None


class WebhookList(msgspec.Struct):
    """The webhooks of the key's merchant (the platform: everybody's) that were not ended."""

    webhooks: list[WebhookStanding]


class NewSecret(msgspec.Struct):
    """Until `both_until` what is sent bears a signature by the secret before too."""

    webhook: str
    secret: str
    both_until: datetime


class Delivery(msgspec.Struct):
    """One event on its way. `status` and `error`: what came of the last try; `due_at`: the next, while it waits."""

    delivery: str
    event: str
    kind: str
    object: str
    sequence: int
    state: str
    attempts: int
    due_at: datetime
    status: int | None
    error: str
    created_at: datetime
    ended_at: datetime | None


class Deliveries(msgspec.Struct):
    """At most 100, the latest first; `next` leads to the older ones, null when there are none."""

    deliveries: list[Delivery]
    next: str | None


class ResendAsked(msgspec.Struct, forbid_unknown_fields=True):
    """One delivery, whatever became of it; left out, all that it did not take."""

    delivery: DeliveryId | None = None


class Resent(msgspec.Struct):
    """How many are sent again."""

    count: int


@writes("/webhooks", scope=RIGHT, refuses=[*SHAPE, "not_text", "not_an_address", "taken", "too_many", "key_reused"])
def subscribe_webhook(data: JSONBody[WebhookAsked], request: Request[Any, Any, Any], key: Key) -> NewWebhook:
    """Send events to an address of yours from now on. The secret is also shown in the console."""
    made = actions.subscribe(data.name, data.url, data.kinds, by=request.user, now=now(), key=key)
    return NewWebhook(**_told(made), secret=secret(made))


@reads("/webhooks", scope=RIGHT)
def webhooks(request: Request[Any, Any, Any]) -> WebhookList:
    """Who is told."""
    return WebhookList([_standing(each) for each in queries.endpoints(request.user)])


@reads("/webhooks/{webhook:str}", scope=RIGHT, refuses=["not_found", "wrong_form"])
def webhook(webhook: WebhookId, request: Request[Any, Any, Any]) -> WebhookStanding:
    """One webhook, and how it does."""
    return _standing(queries.counted(request.user, int(webhook)))


@writes(
    "/webhooks/{webhook:str}", scope=RIGHT, status=200,
    refuses=[*KEYED, "wrong_length", "not_one_of", "not_text", "not_an_address", "taken", "wrong_state"],
)  # fmt: skip
def change_webhook(
    webhook: WebhookId, data: JSONBody[WebhookChange], request: Request[Any, Any, Any], key: Key
) -> Webhook:
    """Change its name, its address or what it is told; let it rest or go on. What waits goes to the new address."""
    wanted = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not None}
    return Webhook(**_told(actions.change(int(webhook), **wanted, by=request.user, now=now(), key=key)))


@writes("/webhooks/{webhook:str}/secret", scope=RIGHT, status=200, refuses=[*KEYED, "just_changed"])
def change_webhook_secret(
    webhook: WebhookId, request: Request[Any, Any, Any], key: Key, data: JSONBody[Nothing | None] = None
) -> NewSecret:
    """Make a new secret. For a day both sign, so that the receiver can be changed in between. The body may be empty."""
    del data
    changed = actions.change_secret(int(webhook), by=request.user, now=now(), key=key)
    return NewSecret(str(changed.pk), secret(changed), changed.both_until or changed.created_at + BOTH)


@writes("/webhooks/{webhook:str}/end", scope=RIGHT, status=200, refuses=KEYED)
def end_webhook(
    webhook: WebhookId, request: Request[Any, Any, Any], key: Key, data: JSONBody[Nothing | None] = None
) -> Webhook:
    """Send nothing there any more; its name is free again. The body may be empty."""
    del data
    return Webhook(**_told(actions.end(int(webhook), by=request.user, now=now(), key=key)))


@reads("/webhooks/{webhook:str}/deliveries", scope=RIGHT, refuses=["not_found", "wrong_form", "not_one_of"])
def webhook_deliveries(
    webhook: WebhookId, request: Request[Any, Any, Any], only: State = None, before: Before = None
) -> Deliveries:
    """What was sent to it, what waits and what it did not take. Kept a week when it was taken, else a month."""
    found = queries.endpoint(request.user, int(webhook))
    rows = queries.deliveries(request.user).filter(endpoint=found, **({"state": only} if only else {}))
    page = list((rows.filter(pk__lt=int(before)) if before else rows)[: MOST + 1])
    told = [msgspec.convert({"delivery": str(row.pk), **vars(row)}, Delivery) for row in page[:MOST]]
    return Deliveries(told, told[-1].delivery if len(page) > MOST else None)


@writes("/webhooks/{webhook:str}/resend", scope=RIGHT, status=200, refuses=KEYED)
def resend_to_webhook(
    webhook: WebhookId, data: JSONBody[ResendAsked], request: Request[Any, Any, Any], key: Key
) -> Resent:
    """Send again what it did not take, or one delivery; under the same ids, so that a receiver may know them."""
    which = None if data.delivery is None else int(data.delivery)
    return Resent(actions.resend(int(webhook), which, by=request.user, now=now(), key=key))


def _told(found: Endpoint) -> dict[str, Any]:
    return {
        "webhook": str(found.pk),
        "name": found.name,
        "url": found.url,
        "kinds": found.kinds,
        "state": found.state,
        "created_at": found.created_at,
    }


def _standing(found: Any) -> WebhookStanding:
    return WebhookStanding(**_told(found), waiting=found.waiting, dead=found.dead, rests_until=found.rests_until)
