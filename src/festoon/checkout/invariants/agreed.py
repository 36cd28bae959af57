"""What each version of an offer agreed on: what happened is judged by the limits that were in force when it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.checkout.invariants import LEEWAY
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM
from festoon.review import queries as reviews


@dataclass(frozen=True, slots=True)
class Said:
    """What one version says, and since when: the first also of all that was before it, the last for good (None)."""

    said: Any
    since: datetime | None
    until: datetime | None

    def perhaps(self, at: datetime) -> bool:
        """Whether it may have been in force at that moment."""
        began = self.since is None or self.since - LEEWAY <= at
        return began and (self.until is None or at < self.until + LEEWAY)


def agreed(kind: str, term: str) -> dict[str, list[Said]]:
    """What one of the terms was and is, oldest first, by the code of the coupon or promotion (`kind`): of those that have
    more than one version. A release does not hold the terms, so it is its review that is asked.
    """
    rows = offers.releases(SYSTEM).order_by("code", "version").filter(kind="offer")
    rows = rows.filter(code__in=rows.order_by().filter(version__gt=1).values("code"))
    told = reviews.visible(SYSTEM).order_by().filter(subject_kind=kind, pk__in=rows.order_by().values("review_id"))
    said = dict(told.values_list("pk", f"content__terms__{term}"))
    found: dict[str, list[tuple[datetime, Any]]] = {}
    for code, since, review in rows.values_list("code", "released_at", "review_id"):
        if review in said:
            found.setdefault(code, []).append((since, said[review]))
    return {code: _one_after_another(versions) for code, versions in found.items()}


def in_force(versions: Sequence[Said], at: datetime) -> list[Any]:
    """What may have been in force at that moment: of two versions, where one took the other's place just then."""
    return [each.said for each in versions if each.perhaps(at)]


def _one_after_another(versions: Sequence[tuple[datetime, Any]]) -> list[Said]:
    ends = [since for since, _ in versions[1:]]
    terms = zip(versions, [None, *ends], [*ends, None], strict=True)
    return [Said(said, since, until) for (_, said), since, until in terms]
