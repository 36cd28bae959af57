"""Offers found by a few letters of their name or code, wherever one may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from festoon.console.listing import MATCHED
from festoon.console.lists.parts import by_name, few_by_name
from festoon.offers import queries as offers
from festoon.offers.released import as_seen
from festoon.records.viewer import Viewer


def offers_named(viewer: Viewer, text: str, most: int) -> Sequence[Any]:
    """The few that fit and that the viewer may know of, the last edited first."""
    seen = offers.visible(viewer).order_by("-edited_at", "-id")
    few = few_by_name(seen, text, MATCHED)
    if few is None:
        few = list(by_name(seen, text).values_list("pk", flat=True)[:most])  # from an index alone: rows are long
    return as_seen(viewer, seen.filter(pk__in=few).select_related("merchant")[:most])
