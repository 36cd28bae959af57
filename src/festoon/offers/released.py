"""Offers as they are in the book: what others may know of an offer whose draft is somebody else's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from festoon.offers import queries
from festoon.offers.drafts import span
from festoon.offers.models import Offer
from festoon.records.parts import in_parts
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews


@dataclass(frozen=True, slots=True)
class Agreed:
    """A version of an offer that was agreed on: its content with its terms; without them where no review is kept."""

    version: int
    content: Mapping[str, Any]


def agreed(viewer: Viewer, code: str, *, before: int | None = None) -> Agreed | None:
    """The last version of an offer that was released; `before`: the last one before what this review led to."""
    rows = queries.releases(viewer).filter(kind="offer", code=code).order_by("-version")
    if before is not None and (own := rows.filter(review_id=before).first()) is not None:
        rows = rows.filter(version__lt=own.version)
    found = rows.first()
    if found is None:
        return None
    review = reviews.visible(viewer).filter(pk=found.review_id, subject=code).first()
    return Agreed(found.version, review.content if review is not None else found.data)


def is_out(viewer: Viewer, code: str) -> bool:
    """Whether a version of it is in the book."""
    return queries.live_of(viewer, "offer", code) is not None


def out_of(viewer: Viewer, currency: str, codes: Iterable[str]) -> set[str]:
    """Which of these offers are in the book of one currency."""
    rows = queries.live(viewer).filter(kind="offer", release__merchant__currency=currency).order_by()
    found = rows.select_related(None).values_list("code", flat=True)
    return {code for part in in_parts(sorted(set(codes))) for code in found.filter(code__in=part)}


def as_seen(viewer: Viewer, offers: Iterable[Offer]) -> list[Offer]:
    """The offers as the viewer may see them: its own as they are worked on, others' as they were released.

    What is shown of another's offer (name, type, dates, rule in `draft`) is put in place in memory; never save it. One
    that is in the book no longer, as when it was recalled since it was asked for, is left out: there is only its draft.
    """
    found = list(offers)
    if viewer.is_platform:
        return found
    shown = {offer.pk for offer in released(viewer, (each for each in found if each.merchant_id != viewer.merchant_id))}
    return [offer for offer in found if offer.merchant_id == viewer.merchant_id or offer.pk in shown]


def released(viewer: Viewer, offers: Iterable[Offer]) -> list[Offer]:
    """Those of the offers that are live, as they were released."""
    asked = list(offers)
    data = live_data(viewer, [offer.code for offer in asked])
    found = [offer for offer in asked if offer.code in data]
    for offer in found:
        _put(offer, data[offer.code])
    return found


def live_data(viewer: Viewer, codes: list[str]) -> dict[str, dict[str, Any]]:
    """What is in the book of these offers, by code."""
    rows = (queries.live_releases(viewer, "offer", part).order_by() for part in in_parts(codes))
    return {code: data for part in rows for code, data in part.values_list("code", "data")}


def _put(offer: Offer, data: dict[str, Any]) -> None:
    offer.name_en, offer.name_zh = data["name"]["en"], data["name"]["zh"]
    offer.type = data.get("type") or next(iter(data["benefit"]))
    offer.starts_at, offer.ends_at = span(data.get("window") or {}, offer.merchant.zone)
    offer.draft = data
