"""Where colleagues are signed in, and how that ends: with every change of rights, of a password or a second factor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from festoon.catalog import queries
from festoon.catalog.models import Person
from festoon.records.audit import record
from festoon.records.viewer import SYSTEM, Viewer


def end(persons: Iterable[Person]) -> int:
    """Sign them out everywhere; how many browsers that were."""
    ended = queries.sessions_of(SYSTEM, persons)
    for session in ended:
        session.delete()
    return len(ended)


def changed(
    person: Person, verb: str, *, by: Viewer, now: datetime, after: str = "", why: str = "",
    rows: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Sign somebody out everywhere after a change of who they are here, and write down what it was."""
    ended = end([person])
    written(person, verb, by=by, now=now, after=after, why=why, rows=rows)
    return ended


def written(
    person: Person, verb: str, *, by: Viewer, now: datetime, after: str = "", why: str = "",
    rows: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """What was done with a colleague, in the journal of their company."""
    record(
        by=by, at=now, verb=verb, kind="person", subject=person.code, after=after, why=why,
        merchant_id=person.merchant_id, rows=rows or {},
    )  # fmt: skip
