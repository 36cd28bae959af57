"""Reading the reviews: what waits for whom, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.review.models import Flow, Review

COSTS = "costs"


def visible(viewer: Viewer) -> QuerySet[Review]:
    """The reviews of things behind the viewer's wall, newest first."""
    rows = Review.objects.order_by("-opened_at", "-id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def review(viewer: Viewer, number: int) -> Review:
    """One review; NotFound when it is not there or another's."""
    found = visible(viewer).filter(id=number).first()
    if found is None:
        raise NotFound("review")
    return found


def inbox(viewer: Viewer) -> list[Review]:
    """What waits for the viewer: open, at a level whose role it has, and not its own submission; oldest first."""
    waiting = visible(viewer).filter(state="open").order_by("opened_at", "id")
    return [review for review in waiting if may_decide(viewer, review)]


def may_decide(viewer: Viewer, review: Review) -> bool:
    """Whether the viewer may decide on the review now: open, at a level of its role, not its own submission."""
    mine = review.state == "open" and review.opened_by != viewer.name
    return mine and viewer.may(f"review.decide:{role_now(review)}")


def role_now(review: Review) -> str:
    """Which role decides at the level where the review stands; "" for none."""
    return next((str(level["role"]) for level in review.levels if level["number"] == review.level), "")


def locked(viewer: Viewer, numbers: Sequence[int]) -> list[Review]:
    """The reviews with their decisions, locked until the end of the transaction, in one order for everybody."""
    parts = [numbers[start : start + 1000] for start in range(0, len(numbers), 1000)]
    rows = visible(viewer).select_for_update().prefetch_related("decisions").order_by("id")
    return [review for part in parts for review in rows.filter(id__in=part)]


def latest(viewer: Viewer, kind: str, subject: str) -> Review | None:
    """The last review of one subject."""
    return latest_of(viewer, kind, [subject]).get(subject)


def latest_of(viewer: Viewer, kind: str, subjects: Sequence[str]) -> dict[str, Review]:
    """The last review of each of the subjects that ever had one."""
    parts = [subjects[start : start + 1000] for start in range(0, len(subjects), 1000)]
    rows = visible(viewer).filter(subject_kind=kind).order_by("id")
    return {review.subject: review for part in parts for review in rows.filter(subject__in=part)}


def meant(viewer: Viewer, kind: str, subjects: Sequence[str], read: Collection[int] | None) -> dict[str, Review]:
    """The reviews a decision is about, by subject: those whose numbers its maker `read`; None: the last of each."""
    if read is None:
        return latest_of(viewer, kind, subjects)
    numbers, asked = list(read), set(subjects)
    parts = [numbers[start : start + 1000] for start in range(0, len(numbers), 1000)]
    rows = visible(viewer).filter(subject_kind=kind)
    found = (review for part in parts for review in rows.filter(id__in=part))
    return {review.subject: review for review in found if review.subject in asked}


def history(viewer: Viewer, kind: str, subject: str) -> QuerySet[Review]:
    """All reviews of one subject with their decisions, newest first."""
    return visible(viewer).filter(subject_kind=kind, subject=subject).prefetch_related("decisions")


def levels(viewer: Viewer, kind: str) -> list[dict[str, Any]]:
    """The levels a kind of subject passes, as a review keeps them; none means approved by rule."""
    viewer.require("catalog.read")
    flow = Flow.objects.filter(subject_kind=kind).prefetch_related("levels").first()
    if flow is None:
        return []
    return [
        {"number": level.number, "role": level.role, "name": {"en": level.name_en, "zh": level.name_zh}}
        for level in flow.levels.order_by("number")
    ]


def flow(viewer: Viewer, kind: str) -> Flow | None:
    """The flow of one kind, to be changed."""
    viewer.require("review.configure")
    return Flow.objects.filter(subject_kind=kind).first()


def expected(viewer: Viewer, review: Review) -> dict[str, Any]:
    """The worked example as this viewer may see it: costs and profit only with the right `costs.read`."""
    shown: dict[str, Any] = review.expected
    return shown if viewer.may("costs.read") else _without_costs(shown)


def _without_costs(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_costs(each) for name, each in value.items() if name != COSTS}
    return [_without_costs(each) for each in value] if isinstance(value, list) else value
