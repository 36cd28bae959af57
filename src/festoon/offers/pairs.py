"""The exclusions that go with an offer: reviewed with it, frozen in its review, released in the same transaction.

They are in neither offer's release. In the content of the review they stand beside the draft, so who agrees to the offer
has read them, and what is released of them is what was read. Sent back, rejected or withdrawn, they are drafts again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from festoon.offers import caution, exclusions, queries
from festoon.offers.book import live_data
from festoon.offers.exclusion_rows import KIND, asks_owner, author_of, data, draft, inform
from festoon.offers.models import Offer
from festoon.offers.overlap import board
from festoon.offers.released import as_seen
from festoon.offers.releases import Agreed
from festoon.records.tables import change, insert
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import way
from festoon.review.models import Review

NAME = "exclusions"
"""Under what name they stand in the content of an offer's review."""
Wanted = Mapping[str, Sequence[str]]
"""The code of an offer → the others that the shop's policy keeps it from."""
OTHER = {"coupon": "promotion", "promotion": "coupon"}


def wanted(offers: Sequence[Offer], now: datetime) -> Wanted:
    """What the shop's policy asks for of offers that are to be submitted; takes no lock, so call it before any.

    Of a coupon and a promotion that go together the coupon asks.
    """
    if not caution.on(caution.COUPON):
        return {}
    beside = [each for each in offers if each.kind == "promotion"]
    owners = {(each.kind, each.merchant_id) for each in offers}
    met = {two for two in owners if queries.any_of_others(SYSTEM, OTHER[two[0]], two[1])}
    going = [each for each in offers if (each.kind, each.merchant_id) in met or (each.kind == "coupon" and beside)]
    boards = {money: board(money, now) for money in {each.merchant.currency for each in going}}
    found: dict[str, Sequence[str]] = {}
    for each in going:
        on = boards[each.merchant.currency]
        same = [one for one in beside if one.merchant.currency == each.merchant.currency]
        others = [on.of(one) for one in same] if each.kind == "coupon" else ()
        found[each.code] = [one.other.code for one in caution.wanted(on, on.of(each), others)]
    return found


def bring(offers: Sequence[Offer], asked: Wanted, *, by: Viewer, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Put the exclusions of these offers into review with them: what of each stands in its review's content.

    What the policy asks for is written here, as locked, for every pair that has no relation yet; a lock that was lifted
    stays lifted. Within the transaction of the submission.
    """
    _write(offers, asked, by, now)
    going = list(queries.along(SYSTEM, offers, ("draft",)))
    for each in going:
        each.state = "in_review"
    change(going, ["state"])
    way.note(exclusions.WAY, "exclusions.submit", going, "", by=by, now=now)
    for each in going:
        inform(each, by=by, now=now)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in going:
        if each.along is not None:
            found.setdefault(each.along.code, []).append(data(each))
    return found


def settled(reviews: Mapping[str, Review], offers: Sequence[Offer], *, by: Viewer, now: datetime) -> list[Agreed]:
    """What of exclusions is released with the offers that were agreed on, as it stands in their reviews.

    Where the shop's policy asks the owner of the other offer, that owner is asked now, and it is released when they agree.
    """
    read = {
        told["code"]: (told, reviews[offer.code])
        for offer in offers
        for told in reviews[offer.code].content.get(NAME, ())
    }
    rows = [each for each in queries.along(SYSTEM, offers, ("in_review",)) if each.code in read]
    ask = [each for each in rows if asks_owner(each)]
    agreed = [each for each in rows if each not in ask]
    for each in agreed:
        each.state = "released"
    for each in ask:
        each.state = "draft"
    change(rows, ["state"])
    way.note(exclusions.WAY, "exclusions.approve", agreed, "", by=by, now=now)
    for each in ask:
        way.submit(exclusions.ASKING, [each], by=author_of(each, by), now=now)
    return [Agreed(KIND, each.code, read[each.code][0], each.merchant_id, read[each.code][1].pk) for each in agreed]


def beside(offers: Sequence[Offer], currency: str) -> list[Mapping[str, Any]]:
    """The exclusions that hold when these offers are out: those agreed on, live or pending, and those that go with them."""
    going = {each.code: data(each) for each in queries.along(SYSTEM, offers, ("draft", "in_review"))}
    agreed = {each["code"]: each for each in live_data(currency, KIND).values()}
    return list({**going, **agreed}.values())


def as_read(viewer: Viewer, content: Mapping[str, Any]) -> dict[str, Any]:
    """What was submitted, as somebody may read it: of an exclusion's two offers, one behind their wall has no code.

    What the shop's policy locks an offer from may be in review, or wait for its campaign: its owner alone knows of it.
    """
    beside = content.get(NAME, ())
    codes = {code for each in (content, *beside) for code in each.get("between", ())}
    if viewer.is_platform or not codes:
        return dict(content)
    seen = {each.code for each in as_seen(viewer, queries.visible(viewer, codes).select_related("merchant"))}
    return {**_but(content, seen), **({NAME: [_but(each, seen) for each in beside]} if beside else {})}


def left(offers: Sequence[Offer], by: Viewer, now: datetime) -> None:
    """Offers left review without an agreement: their exclusions are drafts again, and what a policy wrote is gone."""
    rows = list(queries.along(SYSTEM, offers, ("in_review",)))
    for each in rows:
        each.state = "draft"
    change([each for each in rows if not each.lock], ["state"])
    way.note(exclusions.WAY, "exclusions.send_back", [each for each in rows if not each.lock], "", by=by, now=now)
    for each in rows:
        if each.lock:
            each.delete()


def _write(offers: Sequence[Offer], asked: Wanted, by: Viewer, now: datetime) -> None:
    """The relations that the policy asks for and that are not there in any form."""
    reason = caution.POLICIES[caution.COUPON].reason
    for offer in sorted(offers, key=lambda each: each.kind):
        codes = asked.get(offer.code, ())
        if not codes:
            continue
        there = {frozenset((each.first_id, each.second_id)) for each in queries.of_offer(SYSTEM, offer)}
        others = {each.pk: each for each in queries.own(SYSTEM).filter(code__in=list(codes))}
        made = [
            draft(offer, other, "line", reason=reason, along=offer, lock=caution.COUPON, by=by, now=now)
            for pk, other in others.items()
            if frozenset((offer.pk, pk)) not in there
        ]
        insert(made)


def _but(told: Mapping[str, Any], seen: Collection[str]) -> Mapping[str, Any]:
    """What is told of an exclusion, of its two offers only those that are seen."""
    if "between" not in told:
        return told
    return {**told, "between": [code if code in seen else "" for code in told["between"]]}
