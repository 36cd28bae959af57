"""Submissions and decisions. These run inside the verb of the subject's room, which writes the audit row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from festoon.base.words import Words
from festoon.records.audit import record
from festoon.records.canonical import digest
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.tables import change, insert
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries, refusals
from festoon.review.models import Decision, Flow, Level, Review

APPROVE, SEND_BACK, BY_RULE = "approve", "send_back", "by_rule"


class Outcome(StrEnum):
    """Where a review stands after a decision."""

    PASSED = "passed"
    OPEN = "open"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class Submission:
    """One content to be agreed on: of which thing, what exactly, what it is expected to do, whose it is."""

    kind: str
    subject: str
    content: Mapping[str, Any]
    merchant_id: int
    expected: Mapping[str, Any] = field(default_factory=dict)


def open_review(
    kind: str,
    subject: str,
    content: Mapping[str, Any],
    expected: Mapping[str, Any],
    *,
    merchant_id: int,
    by: Viewer,
    now: datetime,
) -> Review:
    """Submit one content; see `open_all`."""
    return open_all([Submission(kind, subject, content, merchant_id, expected)], by=by, now=now)[0]


def open_all(submissions: Sequence[Submission], *, by: Viewer, now: datetime) -> list[Review]:
    """Submit contents at once, each to the levels its kind has now; later changes of the flow do not touch it.

    A kind without levels is approved by rule: the review is made, passed, with a decision that says so. A subject
    that is in review already raises Conflict and nothing is submitted; of two at the same time one gets it.
    """
    flows = {kind: queries.levels(SYSTEM, kind) for kind in {each.kind for each in submissions}}
    reviews = [
        Review(
            subject_kind=each.kind,
            subject=each.subject,
            merchant_id=each.merchant_id,
            content=dict(each.content),
            digest=digest(each.content),
            expected=dict(each.expected),
            state="open" if flows[each.kind] else "passed",
            level=1 if flows[each.kind] else 0,
            levels=flows[each.kind],
            opened_at=now,
            opened_by=by.name,
            closed_at=None if flows[each.kind] else now,
        )
        for each in submissions
    ]
    try:
        with transaction.atomic():
            insert(reviews)
    except IntegrityError:
        raise Conflict("in_review", refusals.IN_REVIEW, field="state") from None
    ruled = [review for review in reviews if not review.levels]
    insert([Decision(review=review, level=0, decision=BY_RULE, by="rule", at=now) for review in ruled])
    return reviews


def decide(review: Review, decision: str, *, by: Viewer, now: datetime, comment: str = "") -> Outcome:
    """Approve or send back one review at the level where it stands; see `decide_all`."""
    return decide_all([review], decision, by=by, now=now, comment=comment)[review.pk]


def decide_all(
    reviews: Sequence[Review], decision: str, *, by: Viewer, now: datetime, comment: str = ""
) -> dict[int, Outcome]:
    """Approve or send back, all or none. Who sends back says why.

    Refused: without the right of the level's role; one's own submission; a second level by the same person; a
    review that is closed, with what happened to it, by whom and when. Decided twice at the same time, the second
    waits and then reads what the first did.
    """
    if decision == SEND_BACK and not comment.strip():
        raise Invalid("missing", refusals.SAY_WHY, field="comment")
    if decision not in (APPROVE, SEND_BACK):
        raise Invalid("unknown_decision", refusals.UNKNOWN_DECISION, field="decision")
    with transaction.atomic():
        found = queries.locked(by, [review.pk for review in reviews])
        if len(found) != len(reviews):
            raise NotFound("review")
        for review in found:
            refusals.check(review, by)
        said = [
            Decision(review=r, level=r.level, decision=decision, by=by.name, at=now, comment=comment) for r in found
        ]
        insert(said)
        outcomes = {review.pk: _move(review, decision, now) for review in found}
        change(found, ["state", "level", "closed_at"])
    for review, moved in zip(sorted(reviews, key=lambda each: each.pk), found, strict=True):
        review.state, review.level, review.closed_at = moved.state, moved.level, moved.closed_at
    return outcomes


def _move(review: Review, decision: str, now: datetime) -> Outcome:
    if decision == APPROVE and review.level < len(review.levels):
        review.level += 1
        return Outcome.OPEN
    review.state, review.closed_at = ("passed" if decision == APPROVE else "sent_back"), now
    return Outcome(review.state)


def withdraw(review: Review, *, by: Viewer, now: datetime) -> None:
    """Take a submission back before it is decided; who submitted it, or the platform, may."""
    with transaction.atomic():
        found = next(iter(queries.locked(by, [review.pk])), None)
        if found is None:
            raise NotFound("review")
        refusals.check_open(found)
        if by.name != found.opened_by and not by.is_platform:
            raise Conflict("not_yours", refusals.NOT_YOURS, status=403)
        found.state, found.closed_at = "withdrawn", now
        change([found], ["state", "closed_at"])
    review.state, review.closed_at = found.state, found.closed_at


def set_flow(kind: str, levels: Sequence[tuple[str, Words]], *, by: Viewer, now: datetime) -> Flow:
    """Say which roles agree on a kind, in order: (role, name). None: approved by rule. Open reviews keep theirs."""
    by.require("review.configure")
    with transaction.atomic():
        flow = queries.flow(by, kind) or Flow(subject_kind=kind)
        flow.save()
        flow.levels.all().delete()
        insert(
            [
                Level(flow=flow, number=number, role=role, name_en=name.en, name_zh=name.zh)
                for number, (role, name) in enumerate(levels, 1)
            ]
        )
        roles = [role for role, _ in levels]
        record(by=by, at=now, verb="review.set_flow", kind="flow", subject=kind, rows={"levels": roles})
    return flow
