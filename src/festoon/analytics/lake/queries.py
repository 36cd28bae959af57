"""How far the outbox has left for the lake, and which files the lake is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from festoon.records import queries as records
from festoon.records.models import LakeFile, Outbox, OutboxCursor
from festoon.records.tables import insert
from festoon.records.viewer import Viewer
from festoon.webhooks import queries as webhooks

CURSOR = "lake"
TAKEN_OUT = "taken out"


def position(viewer: Viewer) -> int:
    """The number of the last outbox row that is in the lake; 0 before the first."""
    return _cursor(viewer, CURSOR)


def taken_out(viewer: Viewer) -> int:
    """The number of the last outbox row that was taken out of it; 0 before the first."""
    return _cursor(viewer, TAKEN_OUT)


def waiting(viewer: Viewer, after: int, most: int) -> list[int]:
    """How many events each of the next outbox rows holds, `most` rows at most."""
    return list(records.outbox(viewer).filter(id__gt=after).values_list("count", flat=True)[:most])


def advance(viewer: Viewer, before: int, after: int) -> None:
    """Move the cursor on, unless another exporter has moved it meanwhile: then the files are there twice, which
    readers bear, and the cursor stays with the one who was first.
    """
    viewer.require("jobs.run")
    OutboxCursor.objects.get_or_create(name=CURSOR)
    OutboxCursor.objects.filter(name=CURSOR, position=before).update(position=after)


def leaving(viewer: Viewer, before: datetime) -> QuerySet[Outbox]:
    """The outbox rows of before a moment that are in the lake and were handed on to who listens, in order."""
    viewer.require("jobs.run")
    done = min(position(viewer), webhooks.position(viewer) or 0)
    return records.outbox(viewer).filter(id__lte=done, at__lt=before)


def take_out(viewer: Viewer, rows: Collection[int]) -> int:
    """Take these rows out of the outbox and note how far that came; how many there were. Inside a transaction."""
    viewer.require("jobs.run")
    count, _ = Outbox.objects.filter(id__in=rows).delete()
    OutboxCursor.objects.get_or_create(name=TAKEN_OUT)
    OutboxCursor.objects.filter(name=TAKEN_OUT, position__lt=max(rows)).update(position=max(rows))
    return count


def files(viewer: Viewer) -> QuerySet[LakeFile]:
    """The files of the lake that stay."""
    viewer.require("jobs.run")
    return LakeFile.objects.order_by("path")


def list_files(viewer: Viewer, new: Iterable[LakeFile], gone: Iterable[str]) -> None:
    """These files instead of those, for every reader of the list at once."""
    viewer.require("jobs.run")
    with transaction.atomic():
        LakeFile.objects.filter(path__in=list(gone)).delete()
        insert(list(new))


def _cursor(viewer: Viewer, name: str) -> int:
    viewer.require("jobs.run")
    return OutboxCursor.objects.filter(name=name).values_list("position", flat=True).first() or 0
