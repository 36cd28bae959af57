"""An offer's way from draft to release: the same for promotions and coupons, for one and for a whole campaign.

`rooms` says what each kind of offer adds. What comes twice, late or half-way is told in `review.way`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.campaigns import over
from festoon.catalog.goods import Goods
from festoon.offers import pairs, queries
from festoon.offers.book import book_data
from festoon.offers.drafts import releasable
from festoon.offers.example import bench, example
from festoon.offers.measures import measures
from festoon.offers.models import Offer
from festoon.offers.releases import Agreed, release_all
from festoon.offers.room import Room
from festoon.offers.standing import remembered
from festoon.offers.worst import worst
from festoon.records.refusal import Conflict
from festoon.records.tables import change
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import way
from festoon.review.actions import Submission
from festoon.review.models import Review

Rooms = Mapping[str, Room]
CHANGED = Words(en="Somebody changed this a moment ago; look again.", zh="内容刚被他人修改，请重新查看。")
Examples = Mapping[str, tuple[Any, Mapping[str, Any]]]


def examples(offers: Sequence[Offer], *, now: datetime) -> Examples:
    """The worked example of each draft, with the draft it was made from; takes no lock, so call it before any."""
    on = bench(now)
    stacks = stacks_of(offers, on.goods, now)
    return {offer.code: (offer.draft, example(offer, on, now=now) | {"worst": stacks[offer.code]}) for offer in offers}


def stacks_of(offers: Sequence[Offer], have: Goods, now: datetime) -> Mapping[str, list[dict[str, Any]]]:
    """The deepest stacks in which each of the drafts takes part, found with what is live or in review beside them.

    Nothing is kept: a draft may ask while it is written.
    """
    found: dict[str, list[dict[str, Any]]] = {offer.code: [] for offer in offers}
    for currency in {offer.merchant.currency for offer in offers}:
        own = [offer for offer in offers if offer.merchant.currency == currency]
        mine = [releasable(offer) for offer in own]
        waiting = [releasable(each) for each in queries.in_review(SYSTEM, currency) if each.code not in found]
        book = book_data(currency)
        beside = [each for each in (*book["offers"], *waiting) if each["code"] not in found]
        rest = {name: book[name] for name in ("festoon", "currency", "zone", "policy")}
        rest["exclusions"] = pairs.beside(own, currency)
        for stack in worst(mine, beside, rest, remembered(currency, have).bits, now):
            for applied in stack.offers:
                if applied["offer"] in found:
                    found[applied["offer"]].append(stack.to_data())
    return found


def submit(
    rooms: Rooms,
    offers: Sequence[Offer],
    *,
    by: Viewer,
    now: datetime,
    about: str = "",
    priced: Examples | None = None,
) -> list[Offer]:
    """Give drafts to those who must agree, each with its worked example; see `review.way.submit`.

    The examples are priced before the transaction; a draft that changed meanwhile raises Conflict, nothing submitted.
    The exclusions ticked on their pages, and those that the shop's policy asks for, go with them.
    """
    by.require("offers.edit")
    priced = examples(offers, now=now) if priced is None else priced
    asked = pairs.wanted(offers, now)
    going: dict[str, list[dict[str, Any]]] = {}

    def submission(offer: Offer) -> Submission:
        over.refuse(offer.campaign, offer.code)
        draft, worked = priced[offer.code]
        if offer.draft != draft:
            raise Conflict("changed", CHANGED, field="draft", detail={"offer": offer.code})
        cost = measures(offer.draft)
        cost["percent"] = max([cost.get("percent") or 0, *(stack["depth"] for stack in worked["worst"])])
        with_it = {pairs.NAME: going[offer.code]} if offer.code in going else {}
        return Submission(offer.kind, offer.code, {**offer.draft, **with_it}, offer.merchant_id, worked, cost)

    with transaction.atomic():
        going = pairs.bring(offers, asked, by=by, now=now)
        return way.submit(road(rooms, submission), offers, by=by, now=now, about=about)


def road(rooms: Rooms, submission: Callable[[Offer], Submission] | None = None) -> way.Way:
    """The way of offers of these kinds; the campaigns they are in are locked before them."""

    def locked(by: Viewer, codes: Sequence[str]) -> Sequence[Offer]:
        over.hold(queries.campaigns_of(by, codes))
        return [offer for offer in queries.locked(by, codes) if offer.kind in rooms]

    def agreed(reviews: Mapping[str, Review], offers: Sequence[Offer], by: Viewer, now: datetime) -> None:
        _release(rooms, reviews, offers, by=by, now=now)

    return way.Way(
        verbs="offers", name="offer", right="offers.edit", locked=locked, submission=submission or _plain, agreed=agreed,
        left=pairs.left, hands=lambda offers: queries.last_hands(SYSTEM, offers),
    )  # fmt: skip


def take_back(codes: Sequence[str], *, by: Viewer, now: datetime) -> Sequence[Offer]:
    """These offers of the viewer's, locked as every verb locks them, and none of them in review any more."""
    over.hold(queries.campaigns_of(by, codes))
    found = queries.locked(by, codes)
    way.take_back(road({}), found, by=by, now=now)
    return found


def _release(
    rooms: Rooms, reviews: Mapping[str, Review], offers: Sequence[Offer], *, by: Viewer, now: datetime
) -> None:
    """Release what was agreed on, as it stands in the review, and put each kind's terms into force."""
    for offer in offers:
        over.refuse(offer.campaign, offer.code)
        content = reviews[offer.code].content
        offer.draft = {name: value for name, value in content.items() if name != pairs.NAME}
    change(offers, ["state"])
    agreed = [Agreed("offer", each.code, releasable(each), each.merchant_id, reviews[each.code].pk) for each in offers]
    release_all(agreed, by=by, now=now)
    release_all(pairs.settled(reviews, offers, by=by, now=now), by=by, now=now)
    for kind, room in rooms.items():
        if mine := [offer for offer in offers if offer.kind == kind]:
            room.settle(mine, now)


def _plain(offer: Offer) -> Submission:
    return Submission(offer.kind, offer.code, offer.draft, offer.merchant_id)
