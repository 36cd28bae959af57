"""Where a thing stands on its way through review: at which level, who is to agree, until when, or why it came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.console.offer_desk import Section
from festoon.console.offer_form.control import Control
from festoon.console.review_levels import LevelShown, Mark, last_said, levels_shown, marked
from festoon.records.viewer import Viewer
from festoon.review import machine
from festoon.review import queries as reviews
from festoon.review.models import Decision, Review

BACK = ("sent_back", "rejected")
WHERE = {"with": "rule", "benefit": "rule", "rules": "rule", "terms": "room", "when": "when"}
"""Of a mark that is no control's name, the section of the form it is about."""


@dataclass(frozen=True, slots=True)
class Stands:
    """The last review of a thing; `back` when its author has it again, with what was said and marked."""

    review: Review
    levels: Sequence[LevelShown]
    last: Decision | None
    marks: Sequence[Mark]
    back: bool
    late: bool

    @property
    def here(self) -> LevelShown | None:
        """The level at which it waits."""
        return next((level for level in self.levels if level.here), None)

    @property
    def wrong(self) -> Mapping[str, str]:
        """What is wrong, by the name of the field; each begins with what the field is called."""
        return {mark.name: mark.said for mark in self.marks}


def stands(viewer: Viewer, kind: str, thing: Any, *, now: datetime) -> Stands | None:
    """Where a thing of this kind stands; None when it was never submitted."""
    review = reviews.latest(viewer, kind, thing.code)
    if review is None:
        return None
    back = thing.state in machine.EDITABLE and review.state in BACK
    late = review.state == "open" and review.due_at is not None and review.due_at <= now
    marks = marked(review) if back else ()
    return Stands(review, levels_shown(review), last_said(review), marks, back, late)


def mark(parts: Iterable[Section], found: Stands | None) -> None:
    """Say what was marked at the controls of the form."""
    if found is None:
        return
    sections = {part.id: part for part in parts}
    controls = {control.name: control for part in sections.values() for control in part.controls}
    for each in found.marks:
        control = controls.get(each.name) or _first(sections.get(WHERE.get(each.name, "")))
        if control is not None:
            control.mark = each.text


def _first(section: Section | None) -> Control | None:
    return section.controls[0] if section else None
