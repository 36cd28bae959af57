"""Exclusions: two offers that may not serve one order, or one line, together. An object of its own, reviewed alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.offers import queries
from festoon.offers.models import Exclusion, Offer
from festoon.offers.releases import Agreed, release_all
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.tables import change
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import queries as reviews
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
        before, found.state = found.state if found.pk else "", "in_review"
        found.save()
        opened = review.open_review(KIND, found.code, data(found), {}, merchant_id=found.merchant_id, by=by, now=now)
        _settle(found, opened, by=by, now=now)
        _note("offers.exclude", found, before, by=by, now=now)
    return found


def decide(
    exclusion: Exclusion,
    decision: str,
    *,
    by: Viewer,
    now: datetime,
    comment: str = "",
    read: Collection[int] | None = None,
) -> review.Outcome:
    """Approve or send back an exclusion that is in review; passed, it is released in the same transaction.

    `read`: the number of the review that was read; if it is no longer open, Conflict.
    """
    with transaction.atomic():
        found = queries.exclusions(by).select_for_update(of=("self",)).filter(pk=exclusion.pk).first()
        opened = reviews.meant(SYSTEM, KIND, [exclusion.code], read).get(exclusion.code)
        if found is None or opened is None:
            raise NotFound("exclusion")
        outcome = review.decide(opened, decision, by=by, now=now, comment=comment)
        before = found.state
        if outcome == review.Outcome.SENT_BACK:
            found.state = "sent_back"
            found.save()
        _settle(found, opened, by=by, now=now)
        _note(f"offers.{decision}_exclusion", found, before, by=by, now=now, why=comment)
    exclusion.state = found.state
    return outcome


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


def _settle(exclusion: Exclusion, opened: Review, *, by: Viewer, now: datetime) -> None:
    if opened.state != "passed":
        return
    agreed: Sequence[Agreed] = [Agreed(KIND, exclusion.code, opened.content, exclusion.merchant_id, opened.pk)]
    release_all(agreed, by=by, now=now)
    exclusion.state = "released"
    change([exclusion], ["state"])


def _note(verb: str, exclusion: Exclusion, before: str, *, by: Viewer, now: datetime, why: str = "") -> None:
    ends = {"between": [exclusion.first.code, exclusion.second.code], "grain": exclusion.grain}
    record(
        by=by, at=now, verb=verb, kind=KIND, subject=exclusion.code, before=before, after=exclusion.state, why=why,
        rows=ends, merchant_id=exclusion.merchant_id,
    )  # fmt: skip
