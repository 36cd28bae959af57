"""How far the outbox has left for the lake."""

from __future__ import annotations

from festoon.records import queries as records
from festoon.records.models import OutboxCursor
from festoon.records.viewer import Viewer

CURSOR = "lake"


def position(viewer: Viewer) -> int:
    """The number of the last outbox row that is in the lake; 0 before the first."""
    viewer.require("jobs.run")
    return OutboxCursor.objects.filter(name=CURSOR).values_list("position", flat=True).first() or 0


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
