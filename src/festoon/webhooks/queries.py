"""Reading endpoints and deliveries. Each function takes the viewer first; a merchant sees its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from festoon.records.models import OutboxCursor
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.webhooks.models import Delivery, Endpoint, Sequence

CURSOR = "webhooks"


def endpoints(viewer: Viewer) -> QuerySet[Endpoint]:
    """The endpoints behind the viewer's wall that were not ended, with how much waits and how much is dead."""
    rows = Endpoint.objects.select_related("merchant").exclude(state="ended").order_by("merchant_id", "name")
    rows = rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)
    return rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state="waiting")),
        dead=Count("deliveries", filter=Q(deliveries__state="dead")),
    )


def plain(viewer: Viewer) -> QuerySet[Endpoint]:
    """The endpoints without counts: for those who change them."""
    rows = Endpoint.objects.order_by("id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def endpoint(viewer: Viewer, number: int, *, lock: bool = False) -> Endpoint:
    """One endpoint; NotFound when it is not there, ended, or another's."""
    rows = plain(viewer).exclude(state="ended").filter(pk=number)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("webhook")
    return found


def counted(viewer: Viewer, number: int) -> Endpoint:
    """One endpoint with how much waits and how much is dead; NotFound as above."""
    found = endpoints(viewer).filter(pk=number).first()
    if found is None:
        raise NotFound("webhook")
    return found


def deliveries(viewer: Viewer) -> QuerySet[Delivery]:
    """The events on their way to the viewer's endpoints, newest first."""
    rows = Delivery.objects.select_related("endpoint").order_by("-id")
    return rows if viewer.is_platform else rows.filter(endpoint__merchant_id=viewer.merchant_id)


def hearing(viewer: Viewer) -> QuerySet[Endpoint]:
    """The endpoints that want to hear what happens, at once or once they are resumed."""
    return plain(viewer).filter(state__in=("live", "paused"))


def began(viewer: Viewer) -> int | None:
    """The outbox row after which the first of those that hear began to; None where nobody hears."""
    first: int | None = hearing(viewer).order_by().aggregate(first=Min("after"))["first"]
    return first


def listening(viewer: Viewer, most: int) -> list[Endpoint]:
    """The endpoints that events are kept for: those that hear, with fewer than `most` waiting."""
    there = {endpoint.pk: endpoint for endpoint in hearing(viewer)}
    waiting = deliveries(viewer).order_by().filter(endpoint__in=there, state="waiting").values_list("endpoint_id")
    full = {number for number, count in waiting.annotate(count=Count("id")) if count >= most}
    return [endpoint for number, endpoint in there.items() if number not in full]


def due(viewer: Viewer, endpoint: Endpoint, now: datetime, most: int) -> list[Delivery]:
    """What may be sent to an endpoint now, oldest first."""
    return list(_sendable(viewer, now).filter(endpoint=endpoint).order_by("id")[:most])


def _sendable(viewer: Viewer, now: datetime) -> QuerySet[Delivery]:
    """What is due, of each object only what no earlier one stands before that is not."""
    earlier = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), object=OuterRef("object"), sequence__lt=OuterRef("sequence"), state="waiting",
        due_at__gt=now,
    )  # fmt: skip
    return deliveries(viewer).filter(state="waiting", due_at__lte=now).exclude(Exists(earlier))


def ready(viewer: Viewer, now: datetime) -> list[Endpoint]:
    """The live endpoints that something can be sent to now and that nobody serves just now."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rested = Q(rests_until=None) | Q(rests_until__lte=now)
    first = Exists(_sendable(viewer, now).order_by().filter(endpoint=OuterRef("pk")))
    return list(plain(viewer).filter(first, free, rested, state="live"))


def known(viewer: Viewer, endpoint: int, events: Iterable[str]) -> set[str]:
    """Of these events, those the endpoint's deliveries hold already."""
    rows = deliveries(viewer).order_by().filter(endpoint_id=endpoint, event__in=list(events))
    return set(rows.values_list("event", flat=True))


def sequences(viewer: Viewer, endpoint: int, objects: Iterable[str]) -> dict[str, int]:
    """The last number of each of these objects for an endpoint."""
    viewer.require("webhooks.edit")
    mine = plain(viewer).order_by().filter(pk=endpoint)
    rows = Sequence.objects.filter(endpoint__in=mine, object__in=list(objects))
    return dict(rows.values_list("object", "last"))


def position(viewer: Viewer) -> int | None:
    """The outbox row up to which events were handed on; None before the first time."""
    viewer.require("webhooks.edit")
    return OutboxCursor.objects.filter(name=CURSOR).values_list("position", flat=True).first()


def advance(viewer: Viewer, after: int) -> None:
    """Move on to an outbox row; never back."""
    viewer.require("webhooks.edit")
    OutboxCursor.objects.get_or_create(name=CURSOR)
    OutboxCursor.objects.filter(name=CURSOR, position__lt=after).update(position=after)


def lease(viewer: Viewer, endpoint: Endpoint, worker: str, now: datetime, until: datetime) -> bool:
    """Take an endpoint for a while, unless somebody has it: one statement decides."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = plain(viewer).filter(free, pk=endpoint.pk, state="live")
    return rows.update(leased_by=worker, lease_until=until) == 1


def release(viewer: Viewer, endpoint: Endpoint, worker: str) -> None:
    """Give it back."""
    plain(viewer).filter(pk=endpoint.pk, leased_by=worker).update(leased_by="", lease_until=None)


def failed_once_more(viewer: Viewer, endpoint: Endpoint, rests_until: datetime) -> None:
    """Let an endpoint rest after a failure."""
    plain(viewer).filter(pk=endpoint.pk).update(failures=F("failures") + 1, rests_until=rests_until)


def numbering(viewer: Viewer, since: datetime, most: int = 2_000) -> list[tuple[int, str, int, int]]:
    """Endpoint, object, its last number and the greatest of its deliveries, of the objects told of last, and since then: of
    the others what was sent may be forgotten by now.
    """
    newest = (
        deliveries(viewer).filter(created_at__gte=since).order_by("-id").values_list("endpoint_id", "object")[:most]
    )
    pairs = set(newest)
    counts = {
        (endpoint, name): last
        for endpoint, name, last in Sequence.objects.filter(
            endpoint__in={endpoint for endpoint, _ in pairs}, object__in={name for _, name in pairs}
        ).values_list("endpoint_id", "object", "last")
    }
    rows = deliveries(viewer).order_by().filter(object__in={name for _, name in pairs})
    greatest = {
        (row["endpoint_id"], row["object"]): row["n"]
        for row in rows.values("endpoint_id", "object").annotate(n=Max("sequence"))
    }
    return [
        (endpoint, name, counts.get((endpoint, name), 0), greatest[endpoint, name]) for endpoint, name in sorted(pairs)
    ]
