"""Exclusions: two offers that may not serve one order, or one line, together. An object of its own, with a state of its own.

Ticked while one of the two is edited, it goes through review with that offer (`offers.pairs`); else by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.roles import rights_of
from festoon.offers import caution, queries
from festoon.offers.exclusion_rows import (
    IN_REVIEW,
    KIND,
    asks_owner,
    author_of,
    data,
    draft,
    drawn,
    ends,
    inform,
    note,
    owners,
    say,
    strangers,
)
from festoon.offers.models import Exclusion, Offer
from festoon.offers.releases import Agreed, moved, release_all
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import change
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import machine, way
from festoon.review.levelling import Levelling
from festoon.review.levels import Step
from festoon.review.models import Review
from festoon.review.refusals import say_why
from festoon.review.verbs import Verbs

OWNER = Words(en="Owner of the other offer", zh="另一优惠的归属方")
_ASKED = [
    *("code", "merchant", "grain", "reason_en", "reason_zh", "window", "lock", "state", "author"),
    *(f"{end}__{name}" for end in ("first", "second") for name in ("code", "merchant")),
]
"""What the way through review asks of an exclusion: the offers at its ends are wide."""
OFFER_IN_REVIEW = Words(
    en="The offer is in review: withdraw it to change what it excludes.", zh="该优惠正在审核中：请先撤回再修改互斥。"
)


def exclude(
    first: Offer,
    second: Offer,
    *,
    grain: str = "order",
    reason: Words | None = None,
    window: Mapping[str, Any] | None = None,
    by: Viewer,
    now: datetime,
) -> Exclusion:
    """Say that two offers, known by their codes, do not serve one `order` (or one `line`) together, in a `window` or always.

    One of them is the viewer's; the other one it can see. Which is named first does not matter. Goes to review by
    itself, like an offer; with no level for exclusions it is released by rule. Pending until both offers are live. Said
    twice, the exclusion that is there is answered; while it is in review: Conflict.
    """
    by.require("offers.edit")
    one, other = ends(first.code, second.code, grain, by)
    with transaction.atomic():
        found = drawn(one, other, grain, by, now)
        if found.state == "released":
            return found
        say(found, reason, window, None, by)
        inform(found, by=by, now=now)
        return way.submit(WAY, [found], by=by, now=now)[0]  # type: ignore[no-any-return]


def tick(
    offer: Offer,
    other: Offer,
    *,
    grain: str = "line",
    reason: Words | None = None,
    window: Mapping[str, Any] | None = None,
    by: Viewer,
    now: datetime,
) -> Exclusion:
    """Exclude `other` on the page of `offer`, which is the viewer's own.

    While the offer is a draft, so is the exclusion, and it goes through review with the offer; ticked again, its reason and
    window are the new ones. An offer that is out and not edited: the exclusion goes to review by itself (`exclude`), as does
    one of two merchants' offers, which is the platform's. An offer in review is withdrawn first: Conflict.
    """
    by.require("offers.edit")
    mine = queries.own(by).filter(pk=offer.pk).first()
    if mine is None:
        raise NotFound("offer")
    if mine.state == machine.IN_REVIEW:
        raise Conflict("offer_in_review", OFFER_IN_REVIEW, field="state")
    if mine.state not in machine.EDITABLE or strangers(mine, other):
        return exclude(mine, other, grain=grain, reason=reason, window=window, by=by, now=now)
    one, two = ends(mine.code, other.code, grain, by)
    with transaction.atomic():
        found = drawn(one, two, grain, by, now)
        if found.state == "released":
            return found
        before = found.state if found.pk else ""
        say(found, reason, window, mine, by)
        note("exclusions.tick", found, by=by, now=now, before=before, after=found.state)
    return found


def untick(exclusion: Exclusion, *, by: Viewer, now: datetime, why: str = "") -> None:
    """Take an exclusion back: a draft is gone, one that is out is recalled at once (say why), a lock is lifted for good.

    What is out is taken back by who may stop offers; a lock by who holds `exclusions.unlock`. What is in review goes with
    its offer: Conflict. Taken back twice, the second finds nothing to do.
    """
    by.require("offers.edit" if not exclusion.lock else caution.UNLOCK)
    with transaction.atomic():
        one = queries.exclusions(by).select_for_update(of=("self",)).filter(pk=exclusion.pk).first()
        if one is None or not (by.is_platform or one.merchant_id == by.merchant_id):
            raise NotFound("exclusion")
        if one.state == machine.IN_REVIEW:
            raise Conflict("in_review", IN_REVIEW, field="state")
        if one.state == "released" and not one.lock:
            by.require("offers.stop")
        if one.lock or one.state == "released":
            _take_out(one, why, by, now)
        elif one.state != machine.RECALLED:
            note("exclusions.untick", one, by=by, now=now, before=one.state)
            one.delete()


def lift(coupon: Offer, other: Offer, *, why: str, by: Viewer, now: datetime) -> Exclusion:
    """Keep the shop's policy from excluding this coupon and this promotion: before they are submitted, or after.

    One of them is the viewer's. Lifted twice, it is lifted. In review: Conflict.
    """
    by.require(caution.UNLOCK)
    mine = queries.own(by).filter(pk__in=(coupon.pk, other.pk)).order_by("kind").first()
    if mine is None:
        raise NotFound("offer")
    with transaction.atomic():
        one = queries.exclusion(SYSTEM, coupon, other, "line")
        if one is None:
            theirs = other if mine.pk == coupon.pk else coupon
            one = draft(mine, theirs, "line", lock=caution.COUPON, by=by, now=now)
        if one.state == machine.IN_REVIEW:
            raise Conflict("in_review", IN_REVIEW, field="state")
        if one.state != machine.RECALLED:
            one.save()
            _take_out(one, why, by, now)
    return one


def _take_out(one: Exclusion, why: str, by: Viewer, now: datetime) -> None:
    """End an exclusion, out of the book if it was there."""
    say_why(why)
    live = queries.live_of(SYSTEM, KIND, one.code, lock=True)
    if live is not None:
        live.delete()
        moved()
    before, one.state = one.state, machine.RECALLED
    one.save(update_fields=["state"])
    note("exclusions.recall", one, by=by, now=now, before=before, after=one.state, why=why)


def _locked(by: Viewer, codes: Sequence[str]) -> Sequence[Exclusion]:
    rows = queries.exclusions(by, wide=False).select_related("first", "second").only(*_ASKED).filter(code__in=codes)
    return list(rows.select_for_update(of=("self",)))


def _submission(exclusion: Exclusion) -> review.Submission:
    """What is agreed on, by the own people of its house and by the platform.

    Where the owner of the other end is asked, its house's own people agree by a review of their own, and the others are
    asked after that: each house decides behind its own wall. A flow of theirs whose condition does not hold asks nobody.
    """
    mine = exclusion.merchant_id
    if not asks_owner(exclusion):
        return review.Submission(KIND, exclusion.code, data(exclusion), mine)
    if not Levelling([KIND], SYSTEM).own(KIND, mine, {}):
        return _of_others(exclusion)
    return review.Submission(KIND, exclusion.code, data(exclusion), mine, among_own=True)


def _of_others(exclusion: Exclusion) -> review.Submission:
    """The same, for whom it is left to: the owner of the other end where the policy asks for that, and the platform."""
    if not asks_owner(exclusion):
        return review.Submission(KIND, exclusion.code, data(exclusion), PLATFORM)
    other = next(iter(owners(exclusion) - {exclusion.merchant_id}))
    people = catalog.people(SYSTEM).filter(merchant_id=other, user__is_active=True)
    parties = [
        f"person:{each.code}" for each in people if "offers.edit" in rights_of(each.roles, platform=other == PLATFORM)
    ]
    level = Step(OWNER, parties).to_data(1)
    return review.Submission(KIND, exclusion.code, data(exclusion), other, first=[level])


def _agreed(passed: Mapping[str, Review], found: Sequence[Exclusion], by: Viewer, now: datetime) -> None:
    """Release what everybody has agreed on; what only the own people of its house have, is given to the others now."""
    left = [each for each in found if len(owners(each)) > 1 and _among_own(each, passed[each.code])]
    for each in left:
        each.state = machine.DRAFT
    change(left, ["state"])
    for each in left:
        way.submit(ASKING, [each], by=author_of(each, by), now=now)
    agreed = [(each, passed[each.code]) for each in found if each not in left]
    release_all([Agreed(KIND, each.code, on.content, each.merchant_id, on.pk) for each, on in agreed], by=by, now=now)


def _among_own(exclusion: Exclusion, passed: Review) -> bool:
    """Whether nobody but the own people of its house was asked; by rule nothing passes that an owner has to agree to."""
    return all(level.get("house") for level in passed.levels) if passed.levels else asks_owner(exclusion)


WAY = way.Way(
    verbs="exclusions", name=KIND, right="offers.edit", kind=KIND, locked=_locked, submission=_submission,
    agreed=_agreed,
)  # fmt: skip
ASKING = replace(WAY, submission=_of_others)
"""The way of what the own people of its house have agreed on, alone or with the offer it was ticked on."""
VERBS: Verbs[Exclusion] = Verbs(WAY)
decide, approve, send_back = VERBS.decide, VERBS.approve, VERBS.send_back
