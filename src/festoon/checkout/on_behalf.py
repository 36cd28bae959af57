"""A coupon claimed for a shopper by a person of the house: customer service, asked on the telephone or in a chat.

It is a claim like any other, by the same plan under the same limits, and bears who made it and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as changed
from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec.structs import replace

from festoon.base.words import Words
from festoon.checkout.explaining import shopper_known
from festoon.coupons import queries as coupons
from festoon.distribution import refusals
from festoon.distribution.claimable import claimable
from festoon.distribution.claims import Claimed, begin
from festoon.distribution.reach import way_in
from festoon.distribution.soldout import sold_out
from festoon.distribution.statements import GIVEN_FOR
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Plan, Step
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.reading import required_key
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid, NotFound, Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review.refusals import say_why

RIGHT, CLAIM, VERB = "claims.behalf", "claims.write", "claims.give_for"
WHY = 500
"""The longest reason, in signs."""
TOO_LONG = Words(en=f"A text of at most {WHY} signs.", zh=f"不超过 {WHY} 个字符的文字。")
SAID = {
    "limit_reached": Words("The shopper has as many of these as one person may have.", "该顾客已达领取上限。"),
    "not_for_you": Words("It is given to other shoppers only.", "该顾客不在此券的发放范围内。"),
    "not_for_channel": Words(
        "It is claimed in other places, not through customer service.", "此券仅限其他渠道领取，客服不可代领。"
    ),
    "device_needed": Words(
        "It is limited by device, so the shopper has to claim it on their own.", "此券按设备限领，须由顾客本人领取。"
    ),
    "no_such_coupon": Words("This coupon cannot be claimed.", "此券不可领取。"),
}
"""What a claim is refused with, as said to a person who asks for somebody else."""


def give(offer: str, shopper: str, *, why: str, by: Viewer, now: datetime, key: str) -> Claimed:
    """Claim one coupon of the offer for the shopper, in the viewer's own channel and store, and keep who and `why`.

    A merchant's people give only their own company's coupons, and only to shoppers they may know of: NotFound. Other
    refusals are those of `claim`, told about the shopper.

    *Twice* with the same key: the same coupon. *Late*, *out of order*: as `claim`. *Half-way*: coupon, name and reason
    are one commit, with the audit row of its group; the audit's row that people read follows in a second one, and a retry
    with the same key writes it where it is missing.
    """
    by.require(RIGHT)
    required_key(key)
    say_why(why)
    if len(why) > WHY:
        raise Invalid("not_text", TOO_LONG, field="why")
    shopper_known(by, shopper)
    owner, body = _own(offer, by), [offer, shopper]
    with transaction.atomic():
        keys.once(by=by, key=key, verb=VERB, body=body)  # refused before anything is given, where it was another call's

    def put(plan: Plan) -> Promise[Any]:
        return writer.submit(_bearing(plan, by, why))

    try:
        claimer = changed(by, rights=by.rights | {CLAIM})
        claimed: Claimed = begin(offer, shopper, by=claimer, now=now, key=key, put=put).result()
    except Refusal as refusal:
        raise told(refusal) from None
    with transaction.atomic():
        if not keys.once(by=by, key=key, verb=VERB, body=body):
            keys.remember(by=by, key=key, verb=VERB, body=body, answer={"coupon": claimed.coupon}, now=now)
            record(
                by=by, at=now, verb=VERB, kind="shopper", subject=shopper, why=why, key=key, merchant_id=owner,
                rows={"offer": offer, "coupon": claimed.coupon},
            )  # fmt: skip
    return claimed


def hindrances(offers: Sequence[str], shopper: str, *, by: Viewer, now: datetime) -> dict[str, Refusal]:
    """Why each of these coupons cannot be given to the shopper now; one that can is left out. Promises nothing: only the
    claim does.
    """
    by.require(RIGHT)
    mine = shopper_known(by, shopper).coupons.order_by().filter(template__offer__code__in=list(offers))
    had = list(mine.values_list("template__offer__code", flat=True))
    most = dict(coupons.templates(by).filter(offer__code__in=list(offers)).values_list("offer__code", "per_shopper"))
    found = {}
    for offer in offers:
        try:
            _look(offer, shopper, by, now)
            if had.count(offer) >= most.get(offer, 0):
                raise refusals.limit_reached()
        except Refusal as refusal:
            found[offer] = told(refusal)
    return found


def told(refusal: Refusal) -> Refusal:
    """The same refusal in words about the shopper, not to them."""
    words = SAID.get(refusal.code)
    if words is None or "opens_again" in refusal.detail:
        return refusal
    return Conflict(refusal.code, words, field=refusal.field, detail=refusal.detail, status=refusal.status)


def _look(offer: str, shopper: str, by: Viewer, now: datetime) -> None:
    found = claimable(by, offer)
    if found is None:
        raise refusals.unknown()
    way_in(found, shopper, by, "", now)
    stocks = found.stocks(now)
    if not stocks:
        raise refusals.not_open()
    if any(sold_out.holds(stock) for stock in stocks):
        raise refusals.sold_out()
    if found.limits is not None and found.limits.device is not None:
        raise refusals.device_needed()


def _own(offer: str, by: Viewer) -> int:
    """Whose coupon it is, if the viewer may give it away."""
    owner = coupons.templates(SYSTEM).filter(offer__code=offer).values_list("offer__merchant_id", flat=True).first()
    if owner is None or not (by.is_platform or owner == by.merchant_id):
        raise NotFound("coupon", "offer")
    return owner


def _bearing(plan: Plan, by: Viewer, why: str) -> Plan:
    """The claim's plan with its name and reason beside the coupon, in the same commit."""
    if not isinstance(plan.answer, Claimed):
        return plan
    return replace(plan, steps=[*plan.steps, Step(GIVEN_FOR, {"coupon": plan.row, "by": by.name, "why": why})])
