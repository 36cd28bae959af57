"""An offer's way from draft to release: the same for promotions and coupons, for one and for a whole campaign.

Every verb takes any number of offers and is all or nothing: one transaction, one audit row that names them all.
`rooms` says what each kind of offer adds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from festoon.base.words import Words
from festoon.offers import queries
from festoon.offers.drafts import releasable
from festoon.offers.example import bench, example
from festoon.offers.models import Offer
from festoon.offers.releases import Agreed, release_all
from festoon.offers.room import Room
from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import change
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions as review
from festoon.review import queries as reviews
from festoon.review.models import Review
from festoon.review.refusals import OWN

Rooms = Mapping[str, Room]
EDITABLE = ("draft", "sent_back")
CHANGED = Words(en="Somebody changed this a moment ago; look again.", zh="内容刚被他人修改，请重新查看。")
NOT_A_DRAFT = Words(en="Only a draft can be submitted.", zh="只有草稿可以提交。")
NO_REVIEW = Words(en="This offer was never submitted.", zh="此优惠尚未提交审核。")


Examples = Mapping[str, tuple[Any, Mapping[str, Any]]]


def examples(offers: Sequence[Offer], *, now: datetime) -> Examples:
    """The worked example of each draft, with the draft it was made from; takes no lock, so call it before any."""
    on = bench(now)
    return {offer.code: (offer.draft, example(offer, on, now=now)) for offer in offers}


def submit(
    rooms: Rooms,
    offers: Sequence[Offer],
    *,
    by: Viewer,
    now: datetime,
    about: str = "",
    priced: Examples | None = None,
) -> list[Offer]:
    """Give drafts to those who must agree, each with its worked example; with no level they are released by rule.

    The examples are priced before the transaction; a draft that changed meanwhile, or is in review, released or gone,
    raises Conflict or NotFound and nothing is submitted. `about`: the campaign, when it is submitted as a whole.
    """
    by.require("offers.edit")
    priced = examples(offers, now=now) if priced is None else priced
    with transaction.atomic():
        found = _locked(by, rooms, offers)
        for offer in found:
            if offer.state not in EDITABLE:
                raise Conflict(
                    "not_a_draft", NOT_A_DRAFT, field="state", detail={"offer": offer.code, "state": offer.state}
                )
            if offer.draft != priced[offer.code][0]:
                raise Conflict("changed", CHANGED, field="draft", detail={"offer": offer.code})
        opened = review.open_all(
            [
                review.Submission(offer.kind, offer.code, offer.draft, offer.merchant_id, priced[offer.code][1])
                for offer in found
            ],
            by=by,
            now=now,
        )
        for offer in found:
            offer.state = "in_review"
        _settle(rooms, found, [made for made in opened if made.state == "passed"], by=by, now=now)
        change(found, ["state"])
        _note("offers.submit", found, about, by=by, now=now)
    _carry(found, offers)
    return found


def decide(
    rooms: Rooms,
    offers: Sequence[Offer],
    decision: str,
    *,
    by: Viewer,
    now: datetime,
    comment: str,
    about: str = "",
    read: Collection[int] | None = None,
) -> dict[str, review.Outcome]:
    """Approve or send back offers that are in review: code → where each stands now.

    What passed its last level is released in the same transaction, exactly as it was submitted. Nobody decides on
    what they wrote or submitted. Decided already: Conflict says what happened, by whom and when. `read`: the numbers of
    the reviews that were read; what was withdrawn and submitted anew since then is not decided on. None: the last ones.
    """
    with transaction.atomic():
        found = _locked(by, rooms, offers)
        if any(offer.author == by.name for offer in found):
            raise Conflict("own_submission", OWN, field="by", status=403)
        open_now = _reviews(found, read)
        outcomes = review.decide_all(list(open_now.values()), decision, by=by, now=now, comment=comment)
        for offer in found:
            if outcomes[open_now[offer.code].pk] == review.Outcome.SENT_BACK:
                offer.state = "sent_back"
        passed = [each for each in open_now.values() if outcomes[each.pk] == review.Outcome.PASSED]
        _settle(rooms, found, passed, by=by, now=now)
        change(found, ["state"])
        _note(f"offers.{decision}", found, about, by=by, now=now, why=comment)
    _carry(found, offers)
    return {code: outcomes[each.pk] for code, each in open_now.items()}


def withdraw(rooms: Rooms, offer: Offer, *, by: Viewer, now: datetime) -> Offer:
    """Take one offer out of review; it is a draft again. Decided already: Conflict says by whom and when."""
    by.require("offers.edit")
    with transaction.atomic():
        (found,) = _locked(by, rooms, [offer])
        review.withdraw(_reviews([found], None)[found.code], by=by, now=now)
        found.state = "draft"
        change([found], ["state"])
        _note("offers.withdraw", [found], "", by=by, now=now)
    offer.state = found.state
    return found


def _carry(found: Sequence[Offer], given: Sequence[Offer]) -> None:
    states = {offer.code: offer.state for offer in found}
    for offer in given:
        offer.state = states[offer.code]


def _locked(by: Viewer, rooms: Rooms, offers: Sequence[Offer]) -> list[Offer]:
    found = [offer for offer in queries.locked(by, [offer.code for offer in offers]) if offer.kind in rooms]
    if len(found) != len({offer.code for offer in offers}):
        raise NotFound("offer")
    return found


def _reviews(offers: Sequence[Offer], read: Collection[int] | None) -> dict[str, Review]:
    """The review of each offer that is meant; whether it is still open is for the decision to say."""
    found: dict[str, Review] = {}
    for kind in {offer.kind for offer in offers}:
        found |= reviews.meant(SYSTEM, kind, [offer.code for offer in offers if offer.kind == kind], read)
    if missing := [offer.code for offer in offers if offer.code not in found]:
        raise Conflict("not_in_review", NO_REVIEW, field="state", detail={"offer": missing[0]})
    return found


def _settle(rooms: Rooms, offers: Sequence[Offer], passed: Sequence[Review], *, by: Viewer, now: datetime) -> None:
    """Release what was agreed on, as it stands in the review, and put each kind's terms into force."""
    agreed_on = {each.subject: each for each in passed}
    released = [offer for offer in offers if offer.code in agreed_on]
    agreed = []
    for offer in released:
        offer.state, offer.draft = "released", agreed_on[offer.code].content
        agreed.append(Agreed("offer", offer.code, releasable(offer), offer.merchant_id, agreed_on[offer.code].pk))
    release_all(agreed, by=by, now=now)
    for kind, room in rooms.items():
        if mine := [offer for offer in released if offer.kind == kind]:
            room.settle(mine, now)


def _note(verb: str, offers: Sequence[Offer], about: str, *, by: Viewer, now: datetime, why: str = "") -> None:
    if not offers:
        return
    states = {offer.code: offer.state for offer in offers}
    one = offers[0] if len(offers) == 1 and not about else None
    record(
        by=by, at=now, verb=verb, why=why, kind=one.kind if one else "campaign",
        subject=one.code if one else about, after=one.state if one else "", rows=states,
        merchant_id=offers[0].merchant_id if one else None,
    )  # fmt: skip
    events = [
        {"id": uuid4().hex, "kind": verb, "at": now.isoformat(), "offer": offer.code, "state": offer.state}
        for offer in offers
    ]
    publish(at=now, kind=verb, merchant_id=offers[0].merchant_id if one else by.merchant_id, events=events)
