"""Exclusions: two offers that may not serve one order, or one line, together. An object of its own, reviewed alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.offers import queries
from festoon.offers.models import Exclusion, Offer
from festoon.offers.releases import Agreed, release_all
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import way
from festoon.review.models import Review

KIND = "exclusion"
GRAINS = ("order", "line")
NO_REASON = Words(en="These two are not given together.", zh="两项优惠不可同享。")
SAME = Words(en="An offer cannot exclude itself.", zh="优惠不能与自身互斥。")
GRAIN = Words(en="Exclude for the order or line by line.", zh="互斥粒度为整单或同一行。")
IN_REVIEW = Words(en="This exclusion waits for review already.", zh="此互斥关系已在审核中。")


def exclude(
    first: Offer, second: Offer, *, grain: str = "order", reason: Words | None = None, by: Viewer, now: datetime
) -> Exclusion:
    """Say that two offers do not serve one `order` (or one `line`) together.

    One of them is the viewer's; the other one it can see. Which is named first does not matter. Goes to review like
    an offer; with no level for exclusions it is released by rule. Pending until both offers are live. Said twice,
    the exclusion that is there is answered; while it is in review: Conflict.
    """
    by.require("offers.edit")
    if grain not in GRAINS:
        raise Invalid("choice", GRAIN, field="grain", detail={"known": list(GRAINS)})
    if first.pk == second.pk:
        raise Invalid("same", SAME, field="second")
    first, second = sorted((_seen(by, first), _seen(by, second)), key=lambda offer: offer.code)
    owner = next((offer for offer in (first, second) if offer.merchant_id == by.merchant_id or by.is_platform), None)
    if owner is None:
        raise NotFound("offer", "first")
    with transaction.atomic():
        found = queries.exclusion(SYSTEM, first, second, grain) or _new(first, second, grain, owner, by, now)
        if found.state == "released":
            return found
        if found.state == "in_review":
            raise Conflict("in_review", IN_REVIEW, field="state")
        said = reason or NO_REASON
        found.reason_en, found.reason_zh = said.en, said.zh
        found.state, found.author = "draft", by.name
        found.save()
        return way.submit(WAY, [found], by=by, now=now)[0]  # type: ignore[no-any-return]


def decide(
    exclusion: Exclusion,
    said: review.Said,
    *,
    by: Viewer,
    now: datetime,
    read: Collection[int] | None = None,
) -> review.Outcome:
    """Say what one thinks of an exclusion that is in review; passed, it is released in the same transaction.

    `read`: the number of the review that was read; if it is no longer open, Conflict.
    """
    return way.decide(WAY, [exclusion], said, by=by, now=now, read=read)[exclusion.code]


def approve(
    exclusion: Exclusion, *, by: Viewer, now: datetime, comment: str = "", read: Collection[int] | None = None
) -> review.Outcome:
    """Agree that the two exclude each other."""
    return decide(exclusion, review.Said(comment=comment), by=by, now=now, read=read)


def send_back(
    exclusion: Exclusion, *, by: Viewer, now: datetime, comment: str, read: Collection[int] | None = None
) -> review.Outcome:
    """Give it back to its author, and say why."""
    return decide(exclusion, review.Said(review.SEND_BACK, comment), by=by, now=now, read=read)


def data(exclusion: Exclusion) -> dict[str, Any]:
    """The exclusion as the book has it."""
    return {
        "code": exclusion.code,
        "between": [exclusion.first.code, exclusion.second.code],
        "grain": exclusion.grain,
        "reason": {"en": exclusion.reason_en, "zh": exclusion.reason_zh},
    }


def _seen(by: Viewer, offer: Offer) -> Offer:
    return queries.offer(by, offer.code)


def _new(first: Offer, second: Offer, grain: str, owner: Offer, by: Viewer, now: datetime) -> Exclusion:
    code = "x-" + sha256(f"{first.code}\n{second.code}\n{grain}".encode()).hexdigest()[:16]
    return Exclusion(
        merchant_id=owner.merchant_id,
        code=code,
        first=first,
        second=second,
        grain=grain,
        author=by.name,
        created_at=now,
    )


def _locked(by: Viewer, codes: Sequence[str]) -> Sequence[Exclusion]:
    return list(queries.exclusions(by).select_for_update(of=("self",)).filter(code__in=codes).order_by("code"))


def _kind(exclusion: Exclusion) -> str:  # noqa: ARG001 -- all of one kind
    return KIND


def _submission(exclusion: Exclusion) -> review.Submission:
    return review.Submission(KIND, exclusion.code, data(exclusion), exclusion.merchant_id)


def _agreed(reviews: Mapping[str, Review], found: Sequence[Exclusion], by: Viewer, now: datetime) -> None:
    made = [(each, reviews[each.code]) for each in found]
    agreed = [Agreed(KIND, each.code, passed.content, each.merchant_id, passed.pk) for each, passed in made]
    release_all(agreed, by=by, now=now)


WAY = way.Way(
    verbs="exclusions", name=KIND, right="offers.edit", kind=_kind, locked=_locked, submission=_submission,
    agreed=_agreed,
)  # fmt: skip
