"""Submissions and decisions. These run inside the verb of the subject's room, which writes the audit row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from festoon.records.canonical import digest
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.tables import change, insert
from festoon.records.viewer import Viewer
from festoon.review import levels, queries, refusals
from festoon.review.levelling import Levelling
from festoon.review.models import Decision, Review

APPROVE, RETURN, SEND_BACK, REJECT, BY_RULE = "approve", "return", "send_back", "reject", "by_rule"
DECISIONS = (APPROVE, RETURN, SEND_BACK, REJECT)
NOBODY: Mapping[int, Collection[str]] = {}
MOVED = ("state", "level", "round", "closed_at", "due_at", "reminded_at", "near_at", "called_at", "asks")
NEAR = 4
"""When a fourth of a level's time is left, who has not spoken is told again."""


class Outcome(StrEnum):
    """Where a review stands after a decision."""

    PASSED = "passed"
    OPEN = "open"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Submission:
    """One content to be agreed on: of which thing, what exactly, what it is expected to do, whose it is.

    `measures` say how much it may cost (None: without end), for flows and ceilings: see `flows.MEASURES`. `first` are
    levels that come before those of the flow: people whose own thing it touches. `among_own`: only the owner's own people,
    for others are asked after them, by a review of their own.
    """

    kind: str
    subject: str
    content: Mapping[str, Any]
    merchant_id: int
    expected: Mapping[str, Any] = field(default_factory=dict)
    measures: Mapping[str, int | None] = field(default_factory=dict)
    first: Sequence[Mapping[str, Any]] = ()
    among_own: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A decision in words: why, the marked fields with what is wrong there, and for `return` to which level."""

    decision: str = APPROVE
    comment: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    to: int = 0


def open_all(submissions: Sequence[Submission], *, by: Viewer, now: datetime) -> list[Review]:
    """Submit contents at once, each to the levels that its kind, its cost and its author ask for now.

    Later changes of flows and ceilings do not touch what is open. Without a level it is approved by rule: the review
    is made, passed, with a decision that says so. A subject that is in review already raises Conflict and nothing is
    submitted; of two at the same time one gets it.
    """
    levelling = Levelling(sorted({each.kind for each in submissions}), by)
    reviews = [_opened(each, levelling, by, now) for each in submissions]
    try:
        with transaction.atomic():
            insert(reviews)
    except IntegrityError:
        raise Conflict("in_review", refusals.IN_REVIEW, field="state") from None
    ruled = [review for review in reviews if not review.levels]
    insert([Decision(review=review, level=0, decision=BY_RULE, by="rule", at=now) for review in ruled])
    return reviews


def decide(review: Review, decision: str, *, by: Viewer, now: datetime, comment: str = "") -> Outcome:
    """Decide on one review at the level where it stands; see `decide_all`."""
    return decide_all([review], Said(decision, comment), by=by, now=now)[review.pk]


def decide_all(
    reviews: Sequence[Review], said: Said, *, by: Viewer, now: datetime, authors: Mapping[int, Collection[str]] = NOBODY
) -> dict[int, Outcome]:
    """Decide on reviews, all or none: approve, return to an earlier level, send back to the author, or reject.

    Who does not approve says why. Refused: who is no party of the level, nor stands in for one; one's own submission;
    a second level by the same person; a review that is closed, with what happened to it, by whom and when. Decided
    twice at the same time, the second waits and then reads what the first did. `authors`: who wrote what a review (by
    its number) is about, in whose place nobody decides on it.
    """
    if said.decision not in DECISIONS:
        raise Invalid("unknown_decision", refusals.UNKNOWN_DECISION, field="decision")
    if said.decision != APPROVE:
        refusals.say_why(said.comment, "comment")
    others = queries.stands_for(by, now)
    with transaction.atomic():
        found = queries.locked(by, [review.pk for review in reviews])
        if len(found) != len(reviews):
            raise NotFound("review")
        outcomes = {
            review.pk: _decide(
                review, said, by, [one for one in others if one.name not in authors.get(review.pk, ())], now
            )
            for review in found
        }
        change(found, MOVED)
    for review, moved in zip(sorted(reviews, key=lambda each: each.pk), found, strict=True):
        for column in MOVED:
            setattr(review, column, getattr(moved, column))
    return outcomes


def withdraw(review: Review, *, by: Viewer, now: datetime) -> None:
    """Take a submission back before it is decided; who submitted it, or the platform, may."""
    with transaction.atomic():
        found = next(iter(queries.locked(by, [review.pk])), None)
        if found is None:
            raise NotFound("review")
        refusals.check_open(found)
        if by.name != found.opened_by and not by.is_platform:
            raise Conflict("not_yours", refusals.NOT_YOURS, status=403)
        found.state, found.closed_at, found.asks = "withdrawn", now, ""
        change([found], ["state", "closed_at", "asks"])
    review.state, review.closed_at = found.state, found.closed_at


def _opened(submission: Submission, levelling: Levelling, by: Viewer, now: datetime) -> Review:
    about = (submission.kind, submission.merchant_id, submission.measures)
    asked = levelling.own(*about) if submission.among_own else levelling.of(*about, inner=not submission.first)
    passes = [{**level, "number": number} for number, level in enumerate([*submission.first, *asked], 1)]
    review = Review(
        subject_kind=submission.kind,
        subject=submission.subject,
        merchant_id=submission.merchant_id,
        content=dict(submission.content),
        digest=digest(submission.content),
        expected=dict(submission.expected),
        measures=dict(submission.measures),
        state="open" if passes else "passed",
        level=1 if passes else 0,
        levels=passes,
        opened_at=now,
        opened_by=by.name,
        closed_at=None if passes else now,
        asks=levels.asks(passes[0]) if passes else "",
    )
    _reach(review, review.level, now)
    return review


def _decide(review: Review, said: Said, by: Viewer, others: Sequence[Viewer], now: datetime) -> Outcome:
    """Write the decision down and move the review."""
    party, speaker = refusals.speaker(review, by, others)
    if said.decision == RETURN and not 1 <= said.to < review.level:
        raise Invalid("no_such_level", refusals.NO_EARLIER, field="to", detail={"stands_at": review.level})
    made = Decision(
        review=review, level=review.level, round=review.round, decision=said.decision, by=by.name, at=now,
        for_whom="" if speaker is by else speaker.name, party=party, comment=said.comment, marks=dict(said.marks),
    )  # fmt: skip
    before = refusals.at_level(review, list(review.decisions.all()))
    insert([made])
    review.asks = ""
    if said.decision == APPROVE:
        return _agree(review, [*before, made], now)
    if said.decision == RETURN:
        review.round += 1
        _reach(review, said.to, now)
        return Outcome.OPEN
    return _close(review, Outcome.SENT_BACK if said.decision == SEND_BACK else Outcome.REJECTED, now)


def _agree(review: Review, said: Sequence[Decision], now: datetime) -> Outcome:
    if not levels.met(review.levels[review.level - 1], said):
        return Outcome.OPEN
    if review.level == len(review.levels):
        return _close(review, Outcome.PASSED, now)
    _reach(review, review.level + 1, now)
    return Outcome.OPEN


def _reach(review: Review, level: int, now: datetime) -> None:
    review.level, review.reminded_at, review.called_at = level, None, None
    hours = review.levels[level - 1]["hours"] if level else 0
    review.due_at = now + timedelta(hours=hours) if hours else None
    review.near_at = review.due_at - timedelta(hours=hours) / NEAR if review.due_at else None


def _close(review: Review, outcome: Outcome, now: datetime) -> Outcome:
    review.state, review.closed_at, review.due_at, review.near_at = str(outcome), now, None, None
    return outcome
