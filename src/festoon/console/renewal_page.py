"""Offers behind their preset, as screens show them: what the newest version would change, and what cannot come along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.composition.renewing import Renewal, renewals
from festoon.console import offer_changes
from festoon.console.offer_changes import Change
from festoon.console.offer_form import opening
from festoon.console.offer_form.form import RELEASE
from festoon.console.words import said
from festoon.offers.models import Offer
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Told:
    """One offer: what changes, in words; `why` it stays where it is, "" where nothing keeps it there."""

    offer: Offer
    was: int
    version: int
    rows: Sequence[Change]
    lost: Sequence[str]
    yielded: Sequence[str]
    why: str

    @property
    def pick(self) -> str:
        """What its tick sends: the offer, and the two versions that were shown."""
        return f"{self.was} {self.version} {self.offer.code}"


def told(viewer: Viewer, offers: Iterable[Offer], *, now: datetime) -> list[Told]:
    """Each of these offers, which stand on an older version of their preset."""
    return [_told(viewer, found) for found in renewals(viewer, offers, now=now)]


def _told(viewer: Viewer, found: Renewal) -> Told:
    terms = opening.terms(viewer, found.offer.merchant)
    rows = offer_changes.changes(found.offer.draft, found.made.draft, terms) if found.made else []
    yielded = [said(RELEASE[name].label) if name in RELEASE else name for name in found.yielded]
    why = _why(found.refusal, found.entry.data["open"]) if found.refusal else ""
    return Told(
        found.offer, found.before.version, found.entry.version, rows, [said(each) for each in found.lost], yielded, why
    )


def _why(refusal: Refusal, asked: Sequence[dict[str, Any]]) -> str:
    """Everything that is wrong, each after the label of the value it is about."""
    labels = {f"preset.values.{each['name']}": said(Words(**each["label"])) for each in asked}
    listed = refusal.detail.get("problems") or [{"field": "", "words": refusal.words.to_data()}]
    parts = [(labels.get(each["field"], ""), said(Words(**each["words"]))) for each in listed]
    return " · ".join(f"{label}: {words}" if label else words for label, words in parts)
