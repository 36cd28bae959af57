"""Where each kind of reviewed thing has its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from festoon.records.viewer import Viewer
from festoon.review import queries as reviews

PAGES: Mapping[str, str] = {
    "promotion": "console:offer",
    "coupon": "console:offer",
    "offer": "console:offer",
    "campaign": "console:campaign",
    "preset": "console:preset",
    "distribution": "console:distribution",
}


def called(viewer: Viewer) -> list[Any]:
    """The remarks that name the viewer, each with where its thing is: its page, else its last review."""
    found: list[Any] = list(reviews.mentions(viewer))
    for call in found:
        kind, code = call.remark.subject_kind, call.remark.subject
        last = None if kind in PAGES else reviews.latest(viewer, kind, code)
        call.href = reverse("console:review", args=[last.pk]) if last else address(kind, code)
    return found


def address(kind: str, code: str) -> str:
    """The page of a thing; "" for a kind that has none of its own."""
    return reverse(PAGES[kind], args=[code]) if kind in PAGES else ""
